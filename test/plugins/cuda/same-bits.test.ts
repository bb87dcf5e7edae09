import assert from 'node:assert/strict';
import { parsePtx } from '#cuda/ptx.js';
import {
  compiledPtx,
  type FakeSettings,
  fakeSettings,
  openFakeDriver,
} from '../../support/fake-driver.js';
import { takesAll, whyNoPtx } from '../../support/ptx-sample.js';
import { skipBecause } from '../../support/skip-because.js';
import { metricTrials, resampleTrials } from './kernel-trials.js';
import { createCuda } from './support.js';

/** What a run gives, as numbers. */
type Numbers = ArrayLike<number>;

/** How kernels run: as loops, or from their PTX in an order of threads that may be another for every trial. */
type Run = (trial: number) => FakeSettings;
const AS_LOOPS: Run = () => ({});

/** Forwards, backwards, and by chance. */
const ORDERS = [0, 1, 7];
/** One order for each trial, or, as often as there are orders, each for all. */
const MACHINES: readonly Run[] = takesAll
  ? ORDERS.map((ORDER) => () => ({ PTX: 1, ORDER }))
  : [(trial) => ({ PTX: 1, ORDER: ORDERS[trial % ORDERS.length] })];

async function resampleAll(run: Run): Promise<readonly Numbers[]> {
  await using backend = await createCuda(run(0));
  const results: Numbers[] = [];
  for (const [n, { operation, map, samples }] of resampleTrials().entries()) {
    using _told = fakeSettings(run(n));
    await using prepared = await backend.prepare(operation);
    results.push((await prepared.run(map, { samples })).data);
  }
  return results;
}

async function measureAll(run: Run): Promise<readonly Numbers[]> {
  await using backend = await createCuda(run(0));
  const results: Numbers[] = [];
  for (const [n, { operation, map, run: how }] of metricTrials().entries()) {
    using _told = fakeSettings(run(n));
    await using prepared = await backend.prepare(operation);
    const { value, samples, derivative } = await prepared.run(map, how);
    results.push([value, samples, ...(derivative ?? [])]);
  }
  return results;
}

/**
 * sin and cos of CUDA and of this machine's C library are each within 2 ulp (CUDA C++ Programming Guide, Mathematical
 * Functions), and what they make is rounded to float32 where the kernel computes in it.
 */
const LANCZOS_RELATIVE = { float32: 2 ** -21, float64: 2 ** -48 };
const slackOf = (name: string): number => {
  if (!name.startsWith('lanczos3')) return 0;
  return name.includes('to float32') ? LANCZOS_RELATIVE.float32 : LANCZOS_RELATIVE.float64;
};
/** The largest of numbers, at least 1. */
const largest = (values: Numbers): number =>
  Array.from(values).reduce((most, each) => (Math.abs(each) > most ? Math.abs(each) : most), 1);

function differences(
  trials: readonly { readonly name: string }[],
  loops: readonly Numbers[],
  machine: readonly Numbers[],
): readonly string[] {
  return trials.flatMap(({ name }, n) => {
    const [right, found] = [loops[n], machine[n]];
    const slack = slackOf(name) * largest(right);
    const wrong = Array.from(found).findIndex(
      (value, i) => !Object.is(value, right[i]) && !(Math.abs(value - right[i]) <= slack),
    );
    const isOther = wrong >= 0 || found.length !== right.length;
    return isOther ? [`${name}: ${wrong}: ${found[wrong]}, not ${right[wrong]}`] : [];
  });
}

/** Of all instructions; 0.81 ran when this was written: the others are of pixel types and boundaries that chance left out. */
const COVERED = 0.7;

describe('the kernels as nvcc compiled them, and as loops', () => {
  before(function () {
    this.timeout(60_000); // the first suite builds the fake driver
    const reason = whyNoPtx();
    if (reason !== undefined) skipBecause(this, reason);
    openFakeDriver().reset();
  });

  it('resample to the same bits, in whatever order threads run', async function () {
    this.timeout(120_000);
    const loops = await resampleAll(AS_LOOPS);
    for (const run of MACHINES) {
      const machine = await resampleAll(run);
      assert.deepEqual(differences(resampleTrials(), loops, machine), []);
    }
  });

  it('measure the same bits, in whatever order threads run', async function () {
    this.timeout(120_000);
    const loops = await measureAll(AS_LOOPS);
    for (const run of MACHINES) {
      const machine = await measureAll(run);
      assert.deepEqual(differences(metricTrials(), loops, machine), []);
    }
  });

  it('are all tried, and most of their instructions', () => {
    const { entries } = parsePtx(compiledPtx() ?? '');
    const coverage = openFakeDriver().coverage();
    const ran = new Set(coverage.filter(({ executed }) => executed > 0).map(({ name }) => name));
    assert.deepEqual(
      [...entries.keys()].filter((name) => !ran.has(name)),
      [],
    );
    const sum = (key: 'instructions' | 'executed' | 'steps'): number =>
      coverage.reduce((total, each) => total + each[key], 0);
    const share = sum('executed') / sum('instructions');
    if (takesAll)
      console.log(`    ${sum('steps')} steps, ${(100 * share).toFixed(1)} % of the PTX`);
    assert.ok(share > COVERED, `${share}`);
  });
});
