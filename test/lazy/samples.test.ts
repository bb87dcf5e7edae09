import assert from 'node:assert/strict';
import { createImage, type Image } from '@voxhost/sdk';
import { isHostError, type Router } from 'voxhost';
import {
  compose,
  flip,
  randCropByLabelClasses,
  randCropByPosNegLabel,
  randSpatialCropSamples,
  randWeightedCrop,
  rotate,
} from 'voxhost/lazy';
import { countingRouter } from '../support/counting-router.js';
import { wavy } from '../support/volumes.js';

const turn = rotate({ angle: [0.2, 0.1, 0], mode: 'bilinear', padding_mode: 'border' });

/** Ones and twos in two corners, zeros elsewhere. */
function labelOf(image: Image): Image {
  const [nx, ny] = image.grid.size;
  const data = Uint8Array.from({ length: image.data.length }, (_, at) => {
    const [x, y, z] = [at % nx, Math.floor(at / nx) % ny, Math.floor(at / (nx * ny))];
    if (x < 3 && y < 3 && z < 3) return 1;
    return x > 12 && y > 10 && z > 9 ? 2 : 0;
  });
  return createImage(image.grid, data);
}

describe('samples', () => {
  it('are made one at a time, each by one resample of the source', async () => {
    const router = countingRouter();
    const source = wavy([16, 14, 12]);
    const crops = randSpatialCropSamples({ roi_size: [5, 4, 3], num_samples: 1000 });
    const pipeline = compose([turn, crops, flip(), turn], { lazy: true });
    const samples = pipeline.samples(router, source);
    for (let i = 1; i <= 3; i++) {
      const { value } = await samples.next();
      assert.deepEqual(value?.image.grid.size, [5, 4, 3]);
      assert.equal(router.runs.length, i);
      assert.equal(router.runs[i - 1].source, source);
    }
    await samples.return(undefined);
  });

  it('prepare their source once, and let it go in the end', async () => {
    const router = countingRouter();
    let [prepared, disposed] = [0, 0];
    const watching: Router = {
      ...router,
      prepare: async (operation, settings) => {
        prepared++;
        const lent = await router.prepare(operation, settings);
        const end = async (): Promise<void> => {
          disposed++;
          await lent[Symbol.asyncDispose]();
        };
        return { ...lent, [Symbol.asyncDispose]: end };
      },
    };
    const crops = randSpatialCropSamples({ roi_size: 4, num_samples: 5 });
    const samples = compose([turn, crops], { lazy: true }).samples(watching, wavy([16, 14, 12]));
    for await (const { image } of samples) assert.equal(image.data.length, 64);
    assert.deepEqual([router.runs.length, prepared, disposed], [5, 1, 1]);
  });

  it('are drawn again from the same seed', async () => {
    const pipeline = compose([randSpatialCropSamples({ roi_size: 4, num_samples: 4 })], {
      lazy: true,
    });
    const placesOf = async (seed: number) => {
      const places: string[] = [];
      for await (const { image } of pipeline.samples(countingRouter(), wavy([16, 14, 12]), {
        seed,
      })) {
        places.push(image.grid.origin.map((v) => v.toFixed(6)).join());
      }
      return places;
    };
    assert.deepEqual(await placesOf(3), await placesOf(3));
    assert.notDeepEqual(await placesOf(3), await placesOf(4));
    assert.equal(new Set(await placesOf(3)).size, 4);
  });

  it('nest, depth first', async () => {
    const outer = randSpatialCropSamples({ roi_size: 8, num_samples: 2 });
    const inner = randSpatialCropSamples({ roi_size: 4, num_samples: 3 });
    let count = 0;
    for await (const { image } of compose([outer, inner], { lazy: true }).samples(
      countingRouter(),
      wavy([16, 14, 12]),
    )) {
      assert.deepEqual(image.grid.size, [4, 4, 4]);
      count++;
    }
    assert.equal(count, 6);
  });

  it('of a label stand where its ratio says, whole, for all entries alike', async () => {
    const image = wavy([16, 14, 12]);
    const label = labelOf(image);
    const crops = randCropByPosNegLabel({ spatial_size: 4, pos: 1, neg: 0, num_samples: 20 });
    const pipeline = compose([crops], { lazy: true });
    for await (const found of pipeline.samplesOfAll(countingRouter(), { image, label })) {
      assert.deepEqual(found['image'].image.grid, found['label'].image.grid);
      assert.deepEqual(found['label'].image.grid.size, [4, 4, 4]);
      assert.ok(found['label'].image.data.some((v) => v > 0));
    }
    const second = randCropByLabelClasses({
      spatial_size: 4,
      num_classes: 3,
      ratios: [0, 0, 1],
      num_samples: 10,
    });
    for await (const found of compose([second]).samplesOfAll(countingRouter(), { image, label })) {
      assert.ok(found['label'].image.data.includes(2));
    }
  });

  it('by weight stand only where there is weight', async () => {
    const image = wavy([16, 14, 12]);
    const data = new Float32Array(image.data.length);
    data[7 + 16 * (6 + 14 * 5)] = 2;
    const weight = createImage(image.grid, data);
    const crops = randWeightedCrop({ spatial_size: 3, num_samples: 5 });
    for await (const found of compose([crops]).samplesOfAll(countingRouter(), { image, weight })) {
      assert.equal(found['weight'].image.data[13], 2);
    }
  });

  it('refuse a crop larger than the image, and run() of several', async () => {
    const image = wavy([16, 14, 12]);
    const crops = randCropByPosNegLabel({ spatial_size: 20 });
    const label = labelOf(image);
    const samples = compose([crops]).samplesOfAll(countingRouter(), { image, label });
    await assert.rejects(samples.next());
    await assert.rejects(compose([crops]).run(countingRouter(), image), (error) =>
      isHostError(error, 'USAGE'),
    );
  });
});
