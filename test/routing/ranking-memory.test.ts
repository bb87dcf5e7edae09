import assert from 'node:assert/strict';
import {
  BOUNDARY_KINDS,
  createGrid,
  createImage,
  INTERPOLATORS,
  MAP_SHAPES,
  type Metric,
  type Operation,
  PIXEL_TYPES,
  type Resample,
  voxelCount,
} from '@voxhost/sdk';
import fc from 'fast-check';
import type { Candidate } from '#host/routing/candidate.js';
import { operationShape } from '#host/routing/operation-shape.js';
import { rank } from '#host/routing/rank.js';
import { RankingMemory } from '#host/routing/ranking-memory.js';
import type { RouteSettings } from '#host/routing/router.js';
import { block, candidate, resampleOf } from './fakes.js';

const free = { startMs: 0, prepareNsPerVoxel: 0, runMs: 0, nsPerSample: 0, copyGBs: 0 };
/** Candidates that differ in whom they can serve and at what cost, so that any part of a shape may change their order. */
const many: readonly Candidate[] = [
  candidate('picky', [
    block({
      dims: [2],
      interpolators: ['linear', 'nearest'],
      boundaries: ['nearest'],
      pixelTypes: ['uint8', 'float32'],
      output: ['same'],
      maps: ['affine'],
      samples: ['grid'],
      gradient: false,
      cost: { ...free, runMs: 0.001 },
    }),
  ]),
  candidate('steady', [block({ maxVoxels: 20, cost: { ...free, prepareNsPerVoxel: 40 } })]),
  candidate('quick', [block({ cost: { ...free, runMs: 0.0004, nsPerSample: 9 } })]),
  candidate('mover', [block({ cost: { ...free, copyGBs: 0.02 } })]),
  candidate('loose', [
    block({
      cost: free,
      numerics: { class: 'exact', deterministic: false, reference: 'reference@1' },
    }),
  ]),
];

const resamples: fc.Arbitrary<Resample> = fc
  .record({
    size: fc.constantFrom([2, 2], [5, 3], [3, 5], [2, 2, 2], [5, 5, 1]),
    channels: fc.constantFrom(1, 2),
    from: fc.constantFrom(...PIXEL_TYPES),
    pixelType: fc.constantFrom(...PIXEL_TYPES),
    interpolator: fc.constantFrom(...INTERPOLATORS.slice(0, 3)),
    boundary: fc.constantFrom(...BOUNDARY_KINDS),
    gradient: fc.boolean(),
    maps: fc.subarray([...MAP_SHAPES], { minLength: 1, maxLength: 2 }),
    samples: fc.constantFrom('grid' as const, 'points' as const),
    perRun: fc.constantFrom(1, 4, 100),
    runs: fc.constantFrom(1, 4, 100),
  })
  .map(({ size, channels, from, boundary, maps, samples, perRun, runs, ...rest }) => {
    const length = channels * voxelCount(size);
    const source = createImage(createGrid({ size }), pixels(from, length), channels);
    return {
      ...resampleOf(),
      ...rest,
      source,
      boundary: { kind: boundary, value: 0 } as Resample['boundary'],
      demand: { maps, samples, perRun, runs },
    };
  });

const pixels = (type: Resample['pixelType'], length: number) =>
  type === 'uint8'
    ? new Uint8Array(length)
    : type === 'float64'
      ? new Float64Array(length)
      : new Float32Array(length);

const settings: fc.Arbitrary<RouteSettings> = fc.record(
  {
    backends: fc.subarray(['quick', 'mover', 'org.example.loose']),
    fallback: fc.constantFrom('allow' as const, 'never' as const),
    deterministic: fc.boolean(),
    exclude: fc.subarray(['org.example.mover', 'org.example.steady']),
  },
  { requiredKeys: [] },
);

const metric = (overrides: Partial<Metric> = {}): Operation => {
  const { source, demand } = resampleOf();
  return {
    kind: 'metric',
    name: 'mean-squares',
    fixed: source,
    moving: source,
    fixedInterpolator: 'linear',
    movingInterpolator: 'linear',
    derivative: false,
    options: {},
    demand,
    ...overrides,
  };
};

describe('the memory of rankings', () => {
  it('ranks as if it remembered nothing, whatever was asked before', () => {
    const question = fc.record({ operation: resamples, settings, isShort: fc.boolean() });
    fc.assert(
      fc.property(fc.array(question, { minLength: 2, maxLength: 12 }), (questions) => {
        const memory = new RankingMemory();
        const some = many.slice(0, 3);
        for (const { operation, settings: by, isShort } of questions) {
          const candidates = isShort ? some : many;
          const ranking = memory.rank(operation, operationShape(operation), candidates, by);
          assert.deepEqual(ranking, rank(operation, candidates, by));
        }
      }),
      { numRuns: 300 },
    );
  });

  it('does not rank again what is of the same shape', () => {
    const memory = new RankingMemory();
    const [first, again, other] = [resampleOf(), resampleOf(), resampleOf(5)].map((operation) =>
      memory.rank(operation, operationShape(operation), many, {}),
    );
    assert.equal(again, first);
    assert.notEqual(other, first);
  });

  it('tells metrics apart by all that costs are predicted from', () => {
    const { fixed } = metric() as Metric;
    const shapes = [
      metric(),
      metric({ name: 'other' }),
      metric({ derivative: true }),
      metric({ fixedMask: fixed }),
      metric({ movingMask: fixed }),
      metric({ fixedMask: fixed, movingMask: fixed }),
      metric({ moving: createImage(createGrid({ size: [2, 3] }), new Float32Array(6)) }),
      metric({ demand: resampleOf(5).demand }),
    ].map(operationShape);
    assert.equal(new Set(shapes).size, shapes.length);
  });
});
