import assert from 'node:assert/strict';
import type { Cost } from '@voxhost/sdk';
import fc from 'fast-check';
import {
  formatCostBook,
  parseCostBook,
  withCalibratedCosts,
} from '#host/routing/calibration/cost-book.js';
import { fitCost } from '#host/routing/calibration/fit-cost.js';
import type { Measurement } from '#host/routing/calibration/measurement.js';
import { predictionError } from '#host/routing/calibration/prediction-error.js';
import { predict } from '#host/routing/predict.js';
import { rank } from '#host/routing/rank.js';
import type { Workload } from '#host/routing/workload.js';
import { block, candidate, resampleOf } from '../fakes.js';

const NS_PER_MS = 1e6;
/** Synthetic times are exact, so a fit is off by the solver's rounding alone. */
const FIT = 1e-6;

const work = (voxels: number, bytes: number): Workload => ({
  voxels,
  samples: voxels,
  runs: 1,
  bytesPrepared: voxels * bytes,
  bytesPerRun: voxels * bytes,
});

/** What a backend of exactly this cost would be measured at. */
const measured = (cost: Cost, w: Workload): Measurement => ({
  work: w,
  prepareMs: (cost.prepareNsPerVoxel * w.voxels + w.bytesPrepared / cost.copyGBs) / NS_PER_MS,
  runMs: cost.runMs + (cost.nsPerSample * w.samples + w.bytesPerRun / cost.copyGBs) / NS_PER_MS,
});

const works = [16, 32, 64, 128].flatMap((n) => [work(n ** 3, 1), work(n ** 3, 4)]);
const anyCost = fc.record({
  startMs: fc.double({ min: 0, max: 1000, noNaN: true }),
  prepareNsPerVoxel: fc.double({ min: 0.1, max: 10, noNaN: true }),
  runMs: fc.double({ min: 0.01, max: 5, noNaN: true }),
  nsPerSample: fc.double({ min: 0.1, max: 100, noNaN: true }),
  copyGBs: fc.double({ min: 1, max: 20, noNaN: true }),
});

describe('fitCost', () => {
  it('predicts what a backend of any cost takes, on sizes it has not seen', () => {
    fc.assert(
      fc.property(anyCost, (cost) => {
        const fitted = fitCost(
          cost.startMs,
          works.map((w) => measured(cost, w)),
        );
        const unseen = [work(48 ** 3, 2), work(200 ** 3, 4)].map((w) => measured(cost, w));
        assert.ok(predictionError(fitted, unseen).largest < FIT);
        assert.equal(fitted.startMs, cost.startMs);
      }),
      { numRuns: 30 },
    );
  });

  it('never gives a negative cost, however noisy the times', () => {
    const noisy = fc.array(fc.double({ min: 0.001, max: 100, noNaN: true }), {
      minLength: 16,
      maxLength: 16,
    });
    fc.assert(
      fc.property(noisy, (times) => {
        const measurements = works.map((w, i) => ({
          work: w,
          prepareMs: times[2 * i] ?? 1,
          runMs: times[2 * i + 1] ?? 1,
        }));
        const fitted = fitCost(1, measurements);
        assert.ok(Object.values(fitted).every((v) => Number.isFinite(v) && v >= 0));
      }),
      { numRuns: 50 },
    );
  });
});

describe('routing by calibrated costs', () => {
  it('crosses over exactly where the synthetic costs cross', () => {
    const property = fc.property(
      anyCost,
      anyCost,
      fc.integer({ min: 1, max: 1e8 }),
      (a, b, samples) => {
        const both = [candidate('a', [block({ cost: a })]), candidate('b', [block({ cost: b })])];
        const operation = resampleOf(samples);
        const time = (cost: Cost) => {
          const w: Workload = {
            voxels: 4,
            samples,
            runs: 1,
            bytesPrepared: 16,
            bytesPerRun: 4 * samples,
          };
          return predict(cost, w, { isActive: false, basis: 'calibrated' }).totalMs;
        };
        assert.equal(
          rank(operation, both).order[0]?.candidate.name,
          time(a) <= time(b) ? 'a' : 'b',
        );
      },
    );
    fc.assert(property);
  });
});

describe('the cost book', () => {
  const cost = { startMs: 1, prepareNsPerVoxel: 2, runMs: 3, nsPerSample: 4, copyGBs: 5 };
  const plugin = {
    fingerprint: 'abc',
    measuredAt: '2026-01-01T00:00:00Z',
    blocks: [{ cost, error: { median: 0.1, largest: 0.2 } }, null],
  };

  it('survives its file', () => {
    assert.deepEqual(parseCostBook(formatCostBook({ 'org.a': plugin })), { 'org.a': plugin });
  });

  it('is empty where its file is damaged, and leaves out a plugin that is', () => {
    assert.deepEqual(parseCostBook('{"plugins": {'), {});
    assert.deepEqual(parseCostBook('[]'), {});
    const damaged = { ...plugin, blocks: [{ cost: { ...cost, runMs: -1 } }] };
    assert.deepEqual(
      Object.keys(parseCostBook(formatCostBook({ 'org.a': plugin, 'org.b': damaged as never }))),
      ['org.a'],
    );
  });

  it('counts only under the fingerprint it was measured under', () => {
    const blocks = [block(), block()];
    const fresh = withCalibratedCosts(blocks, plugin, 'abc');
    assert.deepEqual(
      [fresh.basis, fresh.blocks[0]?.cost, fresh.blocks[1]?.cost],
      ['calibrated', cost, block().cost],
    );
    assert.equal(withCalibratedCosts(blocks, plugin, 'other').basis, 'manifest');
    assert.equal(withCalibratedCosts([block()], plugin, 'abc').basis, 'manifest');
  });
});
