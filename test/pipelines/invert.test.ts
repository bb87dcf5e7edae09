import assert from 'node:assert/strict';
import { evaluate, fieldMap, type Lattice, outputIndices, then } from '@voxhost/sdk';
import { isHostError } from 'voxhost';
import {
  affine,
  borderPad,
  compose,
  createMapCache,
  displacementField,
  elastic,
  flip,
  invertMap,
  orientation,
  rotate,
  spacing,
  spatialCrop,
  traceOf,
} from 'voxhost/lazy';
import { parseTrace } from '#host/pipelines/parse-trace.js';
import { countingRouter } from '../support/counting-router.js';
import { insideDifference, largestDifference, wavy } from '../support/volumes.js';

/** Promised accuracy of an inverted field, in voxels. */
const VOXEL_TOLERANCE = 1e-3;

const modes = { mode: 'bilinear', padding_mode: 'border' } as const;

const waves = (size: readonly number[], amplitude: number): Lattice => {
  const count = size.reduce((a, b) => a * b);
  const data = Float64Array.from(
    { length: count * 3 },
    (_, i) => amplitude * Math.sin(i % count) * Math.cos(0.7 * i),
  );
  return { size, order: 3, outside: 'edge', data };
};

describe('the inverse', () => {
  it('is one resample with the inverse of the whole map, on the grid where it began', async () => {
    const router = countingRouter();
    const source = wavy([10, 9, 8]);
    const pipeline = compose(
      [
        spacing({ pixdim: [0.8, 0.8, 0.9], ...modes }),
        orientation({ axcodes: 'PIR' }),
        rotate({ angle: [0.1, 0.2, 0], keep_size: false, ...modes }),
      ],
      { lazy: true },
    );
    const { image } = await pipeline.run(router, source);
    router.runs.length = 0;
    const back = await pipeline.invert(router, image);
    assert.equal(router.runs.length, 1);
    assert.deepEqual(back.image.grid, source.grid);
    // Two linear interpolations at 0.8 of the spacing lose this much of values of about 100.
    assert.ok(insideDifference(back.image, source, 1) < 12);
  });

  it('of exact operations is exact, and a crop comes back as zeros', async () => {
    const source = wavy([7, 6, 5], { pixelType: 'int16' });
    const pipeline = compose(
      [flip(), borderPad({ spatial_border: 2 }), orientation({ axcodes: 'SRP' })],
      { lazy: true },
    );
    const { image } = await pipeline.run(countingRouter(), source);
    for (const by of ['whole', 'transform'] as const) {
      const back = await pipeline.invert(countingRouter(), image, { by });
      assert.equal(largestDifference(back.image, source), 0);
    }
    const cut = compose([spatialCrop({ roi_start: [1, 0, 0], roi_end: [7, 6, 5] })]);
    const { image: rest } = await cut.run(countingRouter(), source);
    const back = await cut.invert(countingRouter(), rest, { by: 'transform' });
    assert.equal(back.image.data[0], 0);
    assert.equal(back.image.data[1], source.data[1]);
  });

  it('takes the modes of the forward run unless told otherwise', async () => {
    const router = countingRouter();
    const pipeline = compose(
      [rotate({ angle: [0.2, 0, 0], mode: 'nearest', padding_mode: 'zeros' })],
      { lazy: true },
    );
    const { image } = await pipeline.run(router, wavy([6, 6, 6], { pixelType: 'uint8' }));
    await pipeline.invert(router, image);
    await pipeline.invert(router, image, { overrides: { mode: 'bilinear' } });
    assert.deepEqual(router.runs.map((r) => r.interpolator).slice(1), ['nearest-even', 'linear']);
  });

  it('needs no more than the trace, which survives JSON', async () => {
    const source = wavy([8, 7, 6]);
    const field = displacementField({ field: waves([4, 4, 4], 0.3), ...modes });
    const pipeline = compose(
      [
        field,
        affine({ rotate_params: [0.2, 0, 0.1], ...modes }),
        spatialCrop({ roi_start: [1, 1, 1], roi_end: [8, 6, 6] }),
      ],
      { lazy: true },
    );
    const { image, trace } = await pipeline.run(countingRouter(), source);
    assert.equal(traceOf(image), trace);
    const survived = parseTrace(JSON.parse(JSON.stringify(trace)));
    assert.ok(survived.ok);
    const direct = await pipeline.invert(countingRouter(), image);
    const later = await compose([]).invert(countingRouter(), image, { trace: survived.trace });
    assert.equal(largestDifference(direct.image, later.image), 0);
    await assert.rejects(pipeline.invert(countingRouter(), source), (error) =>
      isHostError(error, 'USAGE'),
    );
  });

  it('of a field holds to 1e-3 voxel at every voxel it is run on', () => {
    const lattice = waves([5, 4, 4], 1.2);
    const first = fieldMap({ lattice, lookup: [0.4, 0, 0, 0, 0, 0.4, 0, 0, 0, 0, 0.4, 0] });
    const second = fieldMap({
      lattice: waves([4, 5, 4], 0.8),
      lookup: [0.3, 0, 0, 0, 0, 0.3, 0, 0, 0, 0, 0.3, 0],
      matrix: [1, 0.1, 0, 1, 0, 0.9, 0, 0, 0, 0, 1.1, 0],
    });
    const size = [10, 9, 8];
    for (const map of [first, then(first, second)]) {
      const round = then(invertMap(map, size), map);
      const indices = outputIndices({ size }, 3);
      let worst = 0;
      for (let at = 0; at < indices.length; at += 3) {
        const found = evaluate(round, indices.subarray(at, at + 3));
        for (let a = 0; a < 3; a++) worst = Math.max(worst, Math.abs(found[a] - indices[at + a]));
      }
      assert.ok(worst < VOXEL_TOLERANCE, `${worst}`);
      assert.ok(worst > 0);
    }
  });

  it('of a map that folds names a voxel', () => {
    const data = new Float64Array(3 * 27);
    data[13] = 30;
    const folding = fieldMap({
      lattice: { size: [3, 3, 3], order: 1, outside: 'edge', data },
      lookup: [0.25, 0, 0, 0, 0, 0.25, 0, 0, 0, 0, 0.25, 0],
    });
    assert.throws(
      () => invertMap(folding, [9, 9, 9]),
      (error) =>
        isHostError(error, 'NOT_EXPRESSIBLE') && /voxel \[\d+,\d+,\d+\]/.test(error.message),
    );
  });

  it('and the forward field are made once for the same content', async () => {
    const cache = createMapCache();
    const make = () =>
      compose([elastic({ seed: 3, sigma: 2, magnitude: 1, ...modes })], { lazy: true, cache });
    const router = countingRouter();
    for (let i = 0; i < 3; i++) {
      const pipeline = make();
      const { image } = await pipeline.run(router, wavy([9, 8, 7]));
      await pipeline.invert(router, image);
    }
    const lattices = new Set(
      router.runs.map(({ map }) => (map.kind === 'field' ? map.lattice : map)),
    );
    assert.equal(lattices.size, 2);
    assert.equal(cache.counts.misses, 2);
    assert.ok(cache.counts.hits >= 4);
  });

  it('are kept within bounds', () => {
    const cache = createMapCache({ entries: 3, bytes: 100 });
    for (let i = 0; i < 10; i++)
      cache.get(
        `${i}`,
        () => i,
        () => 10,
      );
    assert.equal(cache.counts.entries, 3);
    cache.get(
      'large',
      () => 0,
      () => 1000,
    );
    assert.ok(cache.counts.bytes <= 100);
    cache.get('9', () => 'again');
    assert.ok(cache.counts.entries <= 3);
  });
});
