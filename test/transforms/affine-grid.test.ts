import assert from 'node:assert/strict';
import { createGrid, evaluate, isVoxhostError } from '@voxhost/sdk';
import {
  affine,
  affineGrid,
  compose,
  createRandomStream,
  parsePipeline,
  randAffineGrid,
  resampleImage,
} from 'voxhost/lazy';
import { countingRouter } from '../support/counting-router.js';
import { largestDifference, wavy } from '../support/volumes.js';

const parts = {
  rotate_params: [0.2, -0.1, 0.3],
  shear_params: [0.1, 0, 0.05],
  translate_params: [1.5, -2, 0.25],
  scale_params: [1.2, 0.8, 1],
};

const ranges = {
  rotate_range: [0.2, 0.2, 0.2],
  shear_range: 0.1,
  translate_range: [3, 3, 3],
  scale_range: [0.1, 0.2, 0.3],
};

describe('AffineGrid', () => {
  it('is the matrix that Affine samples with', async () => {
    const image = wavy([12, 11, 10]);
    const output = [8, 9, 14];
    const sampling = { mode: 'bilinear', padding_mode: 'border' } as const;
    const pipeline = compose([affine({ ...parts, ...sampling, spatial_size: output })]);
    const wanted = await pipeline.run(countingRouter(), image);
    const found = await resampleImage(countingRouter(), image, {
      like: createGrid({ size: output }),
      map: affineGrid(parts, image.grid.size, output),
    });
    assert.equal(largestDifference(found.image, wanted.image), 0);
  });

  it('takes the middle of the output to the middle of the input, moved and turned as MONAI says', () => {
    const map = affineGrid({ translate_params: [3, -1] }, [11, 21], [5, 7]);
    assert.deepEqual([...map.matrix], [1, 0, 6, 0, 1, 6]);
    const turn = affineGrid({ rotate_params: Math.PI / 2 }, [3, 3]);
    const [x, y] = evaluate(turn, [2, 1]);
    assert.ok(Math.hypot(x - 1, y - 2) < Number.EPSILON * 4, `${x}, ${y}`);
    // Rows instead of parts, about the centres too.
    const rows = affineGrid(
      {
        affine: [
          [2, 0, 1],
          [0, 2, 0],
          [0, 0, 1],
        ],
      },
      [5, 5],
    );
    assert.deepEqual([...rows.matrix], [2, 0, -1, 0, 2, -2]);
  });

  it('refuses sizes that do not go together', () => {
    for (const sizes of [
      [[4]],
      [
        [4, 4],
        [4, 4, 4],
      ],
    ] as const) {
      assert.throws(
        () => affineGrid(parts, ...(sizes as unknown as [number[], number[]?])),
        (error) => isVoxhostError(error) && error.code === 'BAD_ARGUMENT',
      );
    }
  });

  it('is refused in a pipeline, with what to take instead', () => {
    for (const [name, instead] of [
      ['AffineGrid', 'Affine'],
      ['monai.transforms.RandAffineGrid', 'RandAffine'],
    ]) {
      assert.throws(
        () => parsePipeline([{ _target_: name }]),
        new RegExp(`"${name}" makes a sampling grid, not an image; take ${instead};`),
      );
    }
  });
});

describe('RandAffineGrid', () => {
  const draw = (seed: number): number[][] => {
    const random = createRandomStream(seed);
    return [1, 2].map(() => [...randAffineGrid(random, ranges, [9, 9, 9]).matrix]);
  };

  it('draws the same matrices from the same seed, another each time', () => {
    assert.deepEqual(draw(7), draw(7));
    assert.notDeepEqual(draw(7), draw(8));
    const [first, second] = draw(7);
    assert.notDeepEqual(first, second);
  });

  it('stays inside its ranges, and is the identity without any', () => {
    const random = createRandomStream(3);
    for (let i = 0; i < 100; i++) {
      const only = { scale_range: [[-0.5, -0.25], 0, [1, 2]] as const };
      const { matrix } = randAffineGrid(random, only, [5, 5, 5]);
      const [x, y, z] = [matrix[0], matrix[5], matrix[10]];
      assert.ok(x >= 0.5 && x < 0.75 && y === 1 && z >= 2 && z < 3, `${x}, ${y}, ${z}`);
    }
    const still = randAffineGrid(random, {}, [4, 5], [4, 5]);
    assert.deepEqual([...still.matrix], [1, 0, 0, 0, 1, 0]);
  });
});
