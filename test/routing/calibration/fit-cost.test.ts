import assert from 'node:assert/strict';
import type { Cost } from '@voxhost/sdk';
import fc from 'fast-check';
import type { Workload } from '#host/cost/workload.js';
import {
  formatCostBook,
  parseCostBook,
  withCalibratedCosts,
} from '#host/routing/calibration/cost-book.js';
import { fitCost } from '#host/routing/calibration/fit-cost.js';
import type { Measurement } from '#host/routing/calibration/measurement.js';
import { predictionError } from '#host/routing/calibration/prediction-error.js';
import { rank } from '#host/routing/rank.js';
import { block, candidate, resampleOf } from '../fakes.js';

const NS_PER_MS = 1e6;
/** Synthetic times are exact, so a fit is off by the solver's rounding alone. */
const FIT = 1e-6;
/** Some of what one spoilt time adds stays in the fit; least squares would be off by several times. */
const SPOILT = 0.15;

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

  it('is not led astray by one time in sixteen that a busy machine spoilt', () => {
    fc.assert(
      fc.property(anyCost, fc.nat(works.length - 1), (cost, spoilt) => {
        const times = works.map((w) => measured(cost, w));
        const slow = times.map((m, i) => (i === spoilt ? { ...m, runMs: 20 * m.runMs } : m));
        const unseen = [work(48 ** 3, 2), work(200 ** 3, 4)].map((w) => measured(cost, w));
        assert.ok(predictionError(fitCost(0, slow), unseen).median < SPOILT);
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

/** Milliseconds of one run of `resampleOf(samples)`, start included, written out apart from `predict`: 4 float32 voxels in. */
function trueMs(cost: Cost, samples: number): number {
  const perSample = cost.nsPerSample + 4 / cost.copyGBs;
  const prepared = 4 * cost.prepareNsPerVoxel + 16 / cost.copyGBs;
  return cost.startMs + cost.runMs + (prepared + samples * perSample) / NS_PER_MS;
}

/** Samples at which two backends take the same time; the one with the dearer start is ahead beyond. */
function crossing(a: Cost, b: Cost): number {
  const slope = (cost: Cost): number => trueMs(cost, 1) - trueMs(cost, 0);
  return (trueMs(b, 0) - trueMs(a, 0)) / (slope(a) - slope(b));
}

describe('routing by calibrated costs', () => {
  it('crosses over exactly where the synthetic costs cross', () => {
    let seen = 0;
    const property = fc.property(anyCost, anyCost, (a, b) => {
      const at = crossing(a, b);
      fc.pre(Number.isFinite(at) && at > 10 && at < 1e9);
      seen++;
      // Measured, fitted, kept and read again, as a calibration is.
      const [one, other] = [a, b].map((cost) => {
        const fitted = fitCost(
          cost.startMs,
          works.map((w) => measured(cost, w)),
        );
        const blocks = [{ cost: fitted, error: { median: 0, largest: 0 } }];
        const plugin = { fingerprint: 'f', measuredAt: '', blocks };
        const book = parseCostBook(formatCostBook({ 'org.x': plugin }));
        return withCalibratedCosts([block()], book['org.x'], 'f').blocks;
      });
      const both = [candidate('a', one), candidate('b', other)];
      const chosen = (samples: number) => rank(resampleOf(samples), both).order[0]?.candidate.name;
      const slack = Math.max(1, at * 1e-5); // the solver's rounding, where lines are nearly parallel
      const before = trueMs(a, 0) < trueMs(b, 0) ? 'a' : 'b';
      fc.pre(Math.abs(trueMs(a, at + slack) - trueMs(b, at + slack)) > FIT * trueMs(a, at));
      assert.equal(chosen(Math.floor(at - slack)), before);
      assert.equal(chosen(Math.ceil(at + slack)), before === 'a' ? 'b' : 'a');
    });
    fc.assert(property, { numRuns: 60 });
    assert.ok(seen >= 60);
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
