import assert from 'node:assert/strict';
import { isHostError } from 'voxhost';
import {
  affine,
  applyPending,
  borderPad,
  castToType,
  compose,
  flip,
  gaussianNoise,
  oneOf,
  orientation,
  randomOrder,
  randRotate,
  resize,
  rotate,
  rotate90,
  scaleIntensityRange,
  shiftIntensity,
  someOf,
  spacing,
  spatialCrop,
  spatialPad,
  type Transform,
  zoom,
} from 'voxhost/lazy';
import { countingRouter } from '../support/counting-router.js';
import { largestDifference, wavy } from '../support/volumes.js';

const linear = { mode: 'bilinear', padding_mode: 'border' } as const;

const runsOf = async (transforms: readonly Transform[], lazy: boolean | null = true) => {
  const router = countingRouter();
  const result = await compose(transforms, { lazy }).run(router, wavy([9, 8, 7]));
  return { runs: router.runs.length, kinds: result.steps.map(({ kind }) => kind), result };
};

describe('pending operations', () => {
  it('of one mode are one run, whatever exact ones stand between', async () => {
    const { runs, kinds } = await runsOf([
      spacing({ pixdim: [1.3, 1, 1.2], ...linear }),
      orientation({ axcodes: 'SPL' }),
      rotate({ angle: [0.1, 0.2, 0], ...linear }),
      affine({ scale_params: [1.1, 1, 0.9], ...linear }),
      flip({ spatial_axis: 0 }),
      spatialCrop({ roi_start: [1, 1, 1], roi_end: [6, 6, 6] }),
    ]);
    assert.equal(runs, 1);
    assert.deepEqual(kinds, ['sample']);
  });

  it('carried out one by one are one run each, the exact ones copies', async () => {
    const { runs } = await runsOf(
      [rotate({ angle: [0.1, 0, 0] }), flip(), rotate90(), rotate({ angle: [0, 0.1, 0] })],
      false,
    );
    assert.equal(runs, 2);
  });

  it('that are all exact need no backend and keep the pixel type', async () => {
    const router = countingRouter();
    const source = wavy([5, 6, 7], { pixelType: 'int16' });
    const { image, provenance } = await compose(
      [
        flip(),
        rotate90({ k: 3, spatial_axes: [2, 0] }),
        spatialCrop({ roi_start: [1], roi_end: [4] }),
      ],
      { lazy: true },
    ).run(router, source);
    assert.equal(router.runs.length, 0);
    assert.equal(provenance.backend, 'host');
    assert.equal(image.pixelType, 'int16');
  });

  for (const [what, second] of [
    ['interpolator', rotate({ angle: [0, 0.1, 0], mode: 'nearest', padding_mode: 'border' })],
    ['boundary', rotate({ angle: [0, 0.1, 0], mode: 'bilinear', padding_mode: 'zeros' })],
    ['pixel type', rotate({ angle: [0, 0.1, 0], ...linear, dtype: 'float64' })],
  ] as const) {
    it(`flush where the ${what} changes, then go on`, async () => {
      const first = rotate({ angle: [0.1, 0, 0], ...linear, dtype: 'float32' });
      const { runs } = await runsOf([first, second, flip()]);
      assert.equal(runs, 2);
    });
  }

  it('flush before what does not commute, and only there', async () => {
    const clip = scaleIntensityRange({ a_min: 0, a_max: 10, b_min: 0, b_max: 1, clip: true });
    const turn = rotate({ angle: [0.1, 0, 0], ...linear });
    assert.deepEqual((await runsOf([turn, clip, turn])).kinds, ['sample', 'pointwise', 'sample']);
    assert.deepEqual((await runsOf([turn, shiftIntensity({ offset: 3 }), turn])).kinds, ['sample']);
    assert.deepEqual((await runsOf([turn, castToType({ dtype: 'uint8' }), flip()])).kinds, [
      'sample',
      'pointwise',
      'sample',
    ]);
  });

  it('of an average are carried out by the host', async () => {
    const { kinds, runs } = await runsOf([flip(), resize({ spatial_size: [4, 4, 4] }), flip()]);
    assert.deepEqual(kinds, ['sample', 'average', 'sample']);
    assert.equal(runs, 0);
  });

  it('of an average that no machine holds are refused before anything is computed', async () => {
    await assert.rejects(
      runsOf([resize({ spatial_size: [1e5, 1e5, 1e5] })]),
      /needs .* GB; this machine has .*; ask for fewer voxels/,
    );
  });

  it('have the pixel type that a run asks for, averages too, and exact ones keep theirs', async () => {
    const source = wavy([8, 8, 8], { pixelType: 'uint8' });
    const run = async (transform: Transform) =>
      compose([transform], { lazy: true }).run(countingRouter(), source, { pixelType: 'float32' });
    const { image } = await run(resize({ spatial_size: [4, 4, 4] }));
    assert.equal(image.pixelType, 'float32');
    assert.ok(image.data.some((v) => !Number.isInteger(v)));
    assert.equal((await run(rotate({ angle: [0.1, 0, 0] }))).image.pixelType, 'float32');
    assert.equal((await run(spatialPad({ spatial_size: 10 }))).image.pixelType, 'uint8');
  });

  it('stay fused across nested pipelines', async () => {
    const turn = rotate({ angle: [0.1, 0, 0], ...linear });
    const nested = [turn, compose([turn, compose([flip(), turn])]), oneOf([turn, turn])];
    assert.equal((await runsOf(nested)).runs, 1);
    const more = [someOf([turn, flip(), turn], { num_transforms: 2 }), randomOrder([turn, flip()])];
    assert.equal((await runsOf(more)).runs, 1);
  });

  it('an inner pipeline may be lazy inside an eager one, and the other way', async () => {
    const turn = rotate({ angle: [0.1, 0, 0], ...linear });
    const inner = compose([turn, turn, turn], { lazy: true });
    assert.equal((await runsOf([turn, inner, turn], false)).runs, 3);
    const eager = compose([turn, turn], { lazy: false });
    assert.equal((await runsOf([turn, turn, eager], true)).runs, 3);
  });

  it('are left to each transform where lazy is null', async () => {
    const turn = rotate({ angle: [0.1, 0, 0], ...linear });
    const deferred = { ...turn, lazy: true };
    assert.equal((await runsOf([deferred, deferred, turn, deferred], null)).runs, 3);
  });

  it('are applied by ApplyPending', async () => {
    const turn = rotate({ angle: [0.1, 0, 0], ...linear });
    assert.equal((await runsOf([turn, turn, applyPending(), turn])).runs, 2);
  });

  it('take the modes of overrides, and then do not flush', async () => {
    const router = countingRouter();
    const transforms = [
      rotate({ angle: [0.1, 0, 0], mode: 'nearest' }),
      borderPad({ spatial_border: 2, mode: 'constant', value: 5 }),
      rotate({ angle: [0, 0.1, 0], mode: 'bilinear', padding_mode: 'reflection' }),
    ];
    const overrides = { mode: 3, padding_mode: 'mirror' };
    await compose(transforms, { lazy: true, overrides }).run(router, wavy([9, 8, 7]));
    assert.deepEqual(
      router.runs.map(({ interpolator }) => interpolator),
      ['bspline3'],
    );
  });

  it('refuse overrides that nothing heeds', () => {
    assert.throws(
      () => compose([], { overrides: { modes: 'nearest' } as object }),
      (error) => isHostError(error, 'USAGE'),
    );
  });

  it('an override of resample_mode samples even what could be copied', async () => {
    const router = countingRouter();
    const overrides = { mode: 'bilinear', padding_mode: 'zeros', resample_mode: 'resample' };
    await compose([flip()], { lazy: true, overrides }).run(router, wavy([9, 8, 7]));
    assert.equal(router.runs.length, 1);
  });
});

describe('pads', () => {
  const turn = rotate({ angle: [0.2, 0.1, 0], mode: 'bilinear', padding_mode: 'zeros' });

  it('that come last keep their fill: the inside is placed into a filled buffer', async () => {
    for (const mode of ['constant', 'edge', 'reflect', 'symmetric', 'wrap', 'maximum', 'mean']) {
      const pad = spatialPad({ spatial_size: [13, 13, 13], mode, value: 7 });
      const { kinds, result } = await runsOf([turn, pad]);
      assert.deepEqual(kinds, ['sample', 'pad'], mode);
      const eager = await runsOf([turn, pad], false);
      assert.equal(largestDifference(result.image, eager.result.image), 0, mode);
    }
  });

  it('with another fill that the output sees are copied before going on', async () => {
    const pad = borderPad({ spatial_border: 3, mode: 'constant', value: 50 });
    const { kinds, result } = await runsOf([pad, turn]);
    assert.deepEqual(kinds, ['pad', 'sample']);
    const eager = await runsOf([pad, turn], false);
    assert.equal(largestDifference(result.image, eager.result.image), 0);
  });

  it('whose fill the boundary goes on with only move the frame', async () => {
    const pad = borderPad({ spatial_border: 3, mode: 'constant', value: 0 });
    const { kinds } = await runsOf([pad, turn]);
    assert.deepEqual(kinds, ['sample']);
  });

  it('that no later operation looks at are never made', async () => {
    const pad = borderPad({ spatial_border: 4, mode: 'reflect' });
    const small = rotate({ angle: [0.05, 0, 0], mode: 'bilinear', padding_mode: 'zeros' });
    const inside = spatialCrop({ roi_start: [7, 7, 7], roi_end: [10, 9, 8] });
    const { kinds, result } = await runsOf([pad, inside, small]);
    assert.deepEqual(kinds, ['sample']);
    assert.deepEqual(result.image.grid.size, [3, 2, 1]);
  });

  it('show what a crop before them cut off only where their fill is overridden', async () => {
    const crop = spatialCrop({ roi_start: [2, 2, 2], roi_end: [6, 6, 6] });
    const pad = borderPad({ spatial_border: 1, mode: 'constant', value: -9 });
    const source = wavy([9, 8, 7]);
    const own = await compose([crop, pad], { lazy: true }).run(countingRouter(), source);
    assert.equal(own.image.data[0], -9);
    const overrides = { padding_mode: 'zeros' };
    const shown = await compose([crop, pad], { lazy: true, overrides }).run(
      countingRouter(),
      source,
    );
    assert.equal(shown.image.data[0], source.data[1 + 9 * (1 + 8)]);
  });

  it('of a zoom keep its own fill', async () => {
    const { kinds } = await runsOf([
      zoom({ zoom: 0.6, mode: 'trilinear', padding_mode: 'constant' }),
    ]);
    assert.deepEqual(kinds, ['sample', 'pad']);
  });
});

describe('extents', () => {
  it('stay real until they are applied: zooming out and in again ends at the size it began', async () => {
    const source = wavy([17, 19, 23]);
    const factors = [0.9, 0.7, 1.3, 1 / 0.9, 1 / 0.7, 1 / 1.3];
    const steps = factors.map((z) => zoom({ zoom: z, keep_size: false, mode: 'trilinear' }));
    const real = await compose(steps, { lazy: true }).run(countingRouter(), source);
    assert.deepEqual(real.image.grid.size, [17, 19, 23]);
    assert.ok(largestDifference(real.image, source) < 1e-4);
    const rounded = await compose(steps, { lazy: true, shapes: 'monai' }).run(
      countingRouter(),
      source,
    );
    assert.notDeepEqual(rounded.image.grid.size, [17, 19, 23]);
  });
});

describe('draws', () => {
  it('are the same for the same seed and recorded with their values', async () => {
    const pipeline = compose(
      [randRotate({ range_x: 0.5, range_y: 0.5, range_z: 0.5, prob: 1 }), gaussianNoise()],
      {
        lazy: true,
      },
    );
    const source = wavy([6, 5, 4]);
    const [a, b, c] = [
      await pipeline.run(countingRouter(), source, { seed: 4 }),
      await pipeline.run(countingRouter(), source, { seed: 4 }),
      await pipeline.run(countingRouter(), source, { seed: 5 }),
    ];
    assert.equal(largestDifference(a.image, b.image), 0);
    assert.ok(largestDifference(a.image, c.image) > 1e-3);
    assert.equal(a.trace.items[0]._target_, 'Rotate');
  });
});
