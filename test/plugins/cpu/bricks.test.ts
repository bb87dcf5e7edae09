import assert from 'node:assert/strict';
import {
  affineMap,
  type Backend,
  BOUNDARY_KINDS,
  type Boundary,
  type BoundaryKind,
  createGrid,
  createImage,
  fieldMap,
  type IndexMap,
  type Interpolator,
  mapShape,
  type Pixels,
  type Resample,
  type ResampleRun,
  splineOrder,
  voxelCount,
} from '@voxhost/sdk';
import { bricksOf, createCpu, createCpuWithin } from './support.js';

/** So long along z that what the prefilter has to see is a part of it. */
const SIZE = [30, 24, 110];
/** Some ten bricks of a volume of that size in float32. */
const BRICK_BYTES = 2 ** 16;
/** A few, where coefficients have to be made or a dense field has to be brought. */
const LARGER_BYTES = 2 ** 19;
/**
 * What is cut off a line of samples changes a coefficient by less than an eighth of its last bit in float32; such
 * coefficients are up to 7.5 times the samples along an axis, which are at most 1, and 2^-24 of them is the last bit.
 */
const TOLERANCE = 7.5 ** 3 * 2 ** -24;

const wave = (i: number): number => Math.sin(i * 0.7) * Math.cos(i * 0.031);
const SOURCE = createImage(
  createGrid({ size: SIZE }),
  Float32Array.from({ length: voxelCount(SIZE) }, (_, i) => wave(i)),
);
/** Oblique, shrinking a little, and looking beyond every side. */
const OBLIQUE = affineMap([0.9, 0.5, -0.1, 5.3, -0.4, 1.1, 0.1, 2.7, 0.1, -0.2, 1.1, -4.1]);

const boundaryOf = (kind: BoundaryKind): Boundary =>
  kind === 'constant' || kind === 'grid-constant' || kind === 'buffer'
    ? { kind, value: 0.5 }
    : { kind };

function operationOf(over: Partial<Resample> = {}, map: IndexMap = OBLIQUE): Resample {
  return {
    kind: 'resample',
    source: SOURCE,
    interpolator: 'linear',
    boundary: { kind: 'constant', value: 0.5 },
    pixelType: 'float32',
    gradient: false,
    demand: { maps: [mapShape(map)], samples: 'grid', perRun: voxelCount(SIZE), runs: 1 },
    ...over,
  };
}

const dense = (value: (i: number) => number): IndexMap =>
  fieldMap({
    lattice: {
      size: SIZE,
      order: 1,
      outside: 'buffer',
      data: Float32Array.from({ length: 3 * voxelCount(SIZE) }, (_, i) => value(i)),
    },
  });
const FREE_FORM = fieldMap({
  matrix: OBLIQUE.matrix,
  lookup: [0.17, 0, 0, 1.3, 0, 0.2, 0.01, 0.8, 0, 0, 0.05, 1.1],
  lattice: {
    size: [9, 8, 7],
    order: 3,
    outside: 'zero',
    data: Float64Array.from({ length: 3 * 9 * 8 * 7 }, (_, i) => 3 * Math.sin(i / 100)),
  },
});

describe('a source that is read brick by brick', () => {
  let kept: Backend;
  let bricks: Backend;
  let larger: Backend;
  before(async () => {
    kept = await createCpu();
    bricks = await createCpuWithin(bricksOf(BRICK_BYTES));
    larger = await createCpuWithin(bricksOf(LARGER_BYTES));
  });
  after(async () => {
    await kept[Symbol.asyncDispose]();
    await bricks[Symbol.asyncDispose]();
    await larger[Symbol.asyncDispose]();
  });

  /** Values by bricks, and those of a source that is kept. */
  async function both(
    over: Partial<Resample> = {},
    map = OBLIQUE as IndexMap,
    samples: ResampleRun['samples'] = { size: SIZE },
  ): Promise<readonly [Pixels, Pixels]> {
    const values = async (backend: Backend): Promise<Pixels> => {
      await using prepared = await backend.prepare(operationOf(over, map));
      return (await prepared.run(map, { samples })).data;
    };
    const isFiltered = splineOrder(over.interpolator ?? 'linear') !== undefined;
    const bricked = isFiltered || map.kind !== 'affine' ? larger : bricks;
    return [await values(bricked), await values(kept)];
  }

  const sameBits = ([a, b]: readonly [Pixels, Pixels]): void =>
    assert.equal(Buffer.compare(Buffer.from(a.buffer), Buffer.from(b.buffer)), 0);

  function near([a, b]: readonly [Pixels, Pixels], tolerance = TOLERANCE): void {
    for (const [i, value] of a.entries()) {
      assert.ok(Math.abs(value - b[i]) <= tolerance, `${value}, not ${b[i]}, at ${i}`);
    }
  }

  for (const kind of BOUNDARY_KINDS) {
    for (const interpolator of ['nearest', 'linear', 'lanczos3'] satisfies Interpolator[]) {
      it(`has the bits of one that is kept: ${interpolator}, ${kind}`, async () => {
        sameBits(await both({ interpolator, boundary: boundaryOf(kind) }));
        // Periods away, and further than that.
        const far = affineMap([1, 0.3, 0, 97.2, 0, 1, 0.1, -61.4, 0.2, 0, 1, 40000.3]);
        sameBits(await both({ interpolator, boundary: boundaryOf(kind) }, far));
      });
    }
    for (const interpolator of ['bspline2', 'bspline3', 'bspline5'] satisfies Interpolator[]) {
      it(`is filtered like one that is kept: ${interpolator}, ${kind}`, async () => {
        near(await both({ interpolator, boundary: boundaryOf(kind) }));
      });
    }
  }

  for (const interpolator of [
    'nearest-even',
    'keys-0.5',
    'label-linear',
  ] satisfies Interpolator[]) {
    it(`has the bits of one that is kept: ${interpolator}`, async () => {
      sameBits(await both({ interpolator, boundary: { kind: 'mirror' } }));
    });
  }

  const maps: { readonly [name: string]: IndexMap } = {
    'a dense field': dense((i) => 4 * wave(i / 300)),
    'a dense field of no numbers and infinities': dense((i) =>
      i % 11 === 0 ? Number.NaN : i % 13 === 0 ? Infinity : wave(i),
    ),
    'a free-form deformation': FREE_FORM,
    'a field after a field after a turn': {
      kind: 'sequence',
      maps: [
        OBLIQUE,
        FREE_FORM,
        dense((i) => (i % 1017 === 0 ? Number.NaN : 2 * wave(i / 500))),
      ].flatMap((map) => (map.kind === 'affine' || map.kind === 'field' ? [map] : [])),
    },
    'a permutation': affineMap([0, 1, 0, 0, 0, 0, 1, 0, 1, 0, 0, 0]),
    'a scaling': affineMap([1.9, 0, 0, -3.2, 0, 2.1, 0, 1, 0, 0, 1.7, 0.4]),
    'no difference': affineMap([0, 0, 0, 3.5, 0, 0, 0, 4.5, 0, 0, 0, 5.5]),
  };
  for (const [name, map] of Object.entries(maps)) {
    it(`has the bits of one that is kept under ${name}`, async () => {
      sameBits(await both({ boundary: { kind: 'reflect' } }, map));
      sameBits(await both({ interpolator: 'nearest', boundary: { kind: 'grid-wrap' } }, map));
    });
  }

  it('has slopes, channels, blocks of its own and any type', async () => {
    const channels = createImage(
      createGrid({ size: SIZE }),
      Int16Array.from({ length: 2 * voxelCount(SIZE) }, (_, i) => 1000 * wave(i)),
      2,
    );
    for (const interpolator of ['linear', 'bspline3'] satisfies Interpolator[]) {
      const over = { source: channels, interpolator, gradient: true } as const;
      const samples = { size: [29, 7, 83], start: [-3, 8, 2] };
      near(await both(over, OBLIQUE, samples), 1000 * TOLERANCE);
      const boundary = { kind: 'grid-wrap' } as const;
      near(await both({ ...over, boundary, pixelType: 'float64' }, OBLIQUE, samples), 1e-9);
    }
    sameBits(await both({ source: channels, pixelType: 'uint8' }));
  });

  it('may be a picture', async () => {
    const source = createImage(
      createGrid({ size: [211, 190] }),
      Uint16Array.from({ length: 211 * 190 }, (_, i) => 3000 + 3000 * wave(i)),
    );
    const map = affineMap([0.8, 0.6, -40.2, -0.6, 0.8, 70.7]);
    for (const kind of BOUNDARY_KINDS) {
      const over = { source, boundary: boundaryOf(kind) };
      sameBits(await both(over, map, { size: [180, 201] }));
      near(
        await both({ ...over, interpolator: 'bspline3' }, map, { size: [180, 201] }),
        6000 * TOLERANCE,
      );
    }
  });

  it('answers points, and is run again, though it was to be run once on a grid', async () => {
    const points = Float64Array.from({ length: 3000 }, (_, i) => 40 * Math.abs(wave(i)) - 4);
    near(await both({ interpolator: 'bspline3' }, OBLIQUE, { points }));
    await using prepared = await bricks.prepare(operationOf());
    const first = await prepared.run(OBLIQUE, { samples: { size: SIZE } });
    const again = await prepared.run(OBLIQUE, { samples: { size: SIZE } });
    sameBits([first.data, again.data]);
  });

  it('stops when it is aborted, and can be used again', async () => {
    await using prepared = await bricks.prepare(operationOf());
    const abort = new AbortController();
    const run = { samples: { size: SIZE } };
    const running = prepared.run(OBLIQUE, { ...run, signal: abort.signal });
    setImmediate(() => abort.abort(new Error('enough')));
    await assert.rejects(running, /enough/);
    await prepared.run(OBLIQUE, run);
  });
});

describe('a source that the workers have no room for', () => {
  const room = { ...bricksOf(LARGER_BYTES), held: 2 ** 16, streamedFrom: Infinity };

  it('is resampled as often as it is asked for', async () => {
    await using cpu = await createCpuWithin(room);
    await using kept = await createCpu();
    for (const interpolator of ['linear', 'bspline3'] satisfies Interpolator[]) {
      const operation = operationOf({
        interpolator,
        demand: { maps: ['affine'], samples: 'grid', perRun: voxelCount(SIZE), runs: 9 },
      });
      const support = cpu.supports(operation);
      assert.deepEqual(support.ok && support.memory?.prepare, 0);
      await using prepared = await cpu.prepare(operation);
      await using right = await kept.prepare(operation);
      for (let run = 0; run < 2; run++) {
        const { data } = await prepared.run(OBLIQUE, { samples: { size: SIZE } });
        const expected = await right.run(OBLIQUE, { samples: { size: SIZE } });
        for (const [i, value] of data.entries()) {
          assert.ok(Math.abs(value - expected.data[i]) <= TOLERANCE, `${i}`);
        }
      }
    }
  });

  it('is refused by its memory where points are scattered over it', async () => {
    await using cpu = await createCpuWithin(room);
    const demand = { maps: ['affine'], perRun: 10, runs: 1 } as const;
    for (const over of [
      { demand: { ...demand, samples: 'points' } },
      { demand: { ...demand, maps: ['points'], samples: 'grid' } },
      { interpolator: 'bspline3', boundary: { kind: 'wrap' } },
    ] satisfies Partial<Resample>[]) {
      const support = cpu.supports(operationOf(over));
      assert.equal(support.ok ? undefined : support.axis, 'memory');
    }
  });
});
