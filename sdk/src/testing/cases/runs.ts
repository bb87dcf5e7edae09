import type { IndexMap } from '../../index-map.js';
import { identityMap, pointsMap } from '../../map/construct.js';
import type { Samples } from '../../run.js';
import type { Claims } from '../claims.js';
import { expected, expectWithin, resampleOnce } from '../compare.js';
import type { ConformanceCase } from '../conformance-case.js';
import { expect, expectCode, expectSame, rejection } from '../expect.js';
import { everydayTrial, longTrial, runOf } from '../trial.js';

/** Enough samples that a run is not over before the next is asked for. */
const LONG = 200_000;

/** How runs follow each other, end, fail and are given up. */
export function runCases(claims: Claims): readonly ConformanceCase[] {
  return [
    orderCase(claims),
    overlapCase(claims),
    ...(claims.block.numerics.deterministic ? [sameBitsCase(claims)] : []),
    badArgumentCase(claims),
    abortedPrepareCase(claims),
    abortedRunCase(claims),
    abortedQueueCase(claims),
    progressCase(claims),
  ];
}

const orderCase = (claims: Claims): ConformanceCase => ({
  rule: 'R12',
  name: 'a short run is answered after the long one before it',
  async run(backend) {
    const [dims] = claims.dims;
    const [long, short] = [longTrial(claims, dims, LONG), everydayTrial(claims, dims)];
    await using prepared = await backend.prepare(long.operation);
    const answered: string[] = [];
    const runs = [long, short, long, short].map((trial, n) =>
      runOf(prepared, trial).then(() => answered.push(String(n))),
    );
    await Promise.all(runs);
    expect(answered.join(' ') === '0 1 2 3', `answered in the order ${answered.join(' ')}`);
  },
});

const overlapCase = (claims: Claims): ConformanceCase => ({
  rule: 'R12',
  name: 'two Prepareds run side by side',
  async run(backend) {
    const trial = everydayTrial(claims, claims.dims[0]);
    await using one = await backend.prepare(trial.operation);
    await using other = await backend.prepare(trial.operation);
    const [a, b] = await Promise.all([runOf(one, trial), runOf(other, trial)]);
    expectSame(a.data, b.data, 'the other Prepared');
  },
});

const sameBitsCase = (claims: Claims): ConformanceCase => ({
  rule: 'R13',
  name: 'the same run gives the same bits',
  async run(backend) {
    const trial = longTrial(claims, claims.dims[0], LONG / 10);
    const first = await resampleOnce(backend, trial);
    await using prepared = await backend.prepare(trial.operation);
    for (let again = 0; again < 3; again++) {
      expectSame((await runOf(prepared, trial)).data, first, `run ${again + 2}`);
    }
  },
});

const badArgumentCase = (claims: Claims): ConformanceCase => ({
  rule: 'R18',
  name: 'maps and samples that do not fit are refused',
  async run(backend) {
    const [dims] = claims.dims;
    const trial = everydayTrial(claims, dims);
    const { map, samples } = trial;
    await using prepared = await backend.prepare(trial.operation);
    for (const [wrongMap, wrongSamples] of misfits(map, samples, dims)) {
      const run = prepared.run(wrongMap, { samples: wrongSamples });
      await expectCode(run, 'BAD_ARGUMENT', `${wrongMap.kind} with ${Object.keys(wrongSamples)}`);
    }
    const { data } = await runOf(prepared, trial);
    expectWithin(data, await expected(trial, claims.block.numerics), trial);
  },
});

function misfits(
  map: IndexMap,
  samples: Samples,
  dims: number,
): readonly (readonly [IndexMap, Samples])[] {
  const broken = identityMap(dims);
  broken.matrix[0] = Number.NaN;
  return [
    [identityMap(5 - dims), samples],
    [broken, samples],
    [{ kind: 'sequence', maps: [] }, samples],
    [{ kind: 'unheard-of' } as unknown as IndexMap, samples],
    [pointsMap(new Float64Array(dims)), { size: Array<number>(dims).fill(2) }],
    [map, { size: Array<number>(dims + 1).fill(2) }],
    [map, { size: Array<number>(dims).fill(0) }],
    [map, { size: Array<number>(dims).fill(1.5) }],
    [map, { size: Array<number>(dims).fill(2), start: [0.5] }],
    [map, { points: new Float64Array(dims + 1) }],
  ];
}

const abortedPrepareCase = (claims: Claims): ConformanceCase => ({
  rule: 'R19',
  name: 'an aborted prepare rejects with the reason',
  async run(backend) {
    const { operation } = everydayTrial(claims, claims.dims[0]);
    const reason = new Error('given up');
    const found = await rejection(
      backend.prepare(operation, AbortSignal.abort(reason)),
      'an aborted prepare',
    );
    expect(found === reason, `it rejected with ${String(found)}, not with the reason`);
  },
});

const abortedRunCase = (claims: Claims): ConformanceCase => ({
  rule: 'R19',
  name: 'an aborted run rejects with the reason, and the next one works',
  async run(backend) {
    const [dims] = claims.dims;
    const trial = everydayTrial(claims, dims);
    const reason = new Error('given up');
    await using prepared = await backend.prepare(trial.operation);
    const aborted = runOf(prepared, trial, { signal: AbortSignal.abort(reason) });
    const found = await rejection(aborted, 'an aborted run');
    expect(found === reason, `it rejected with ${String(found)}, not with the reason`);
    const { data } = await runOf(prepared, trial);
    expectWithin(data, await expected(trial, claims.block.numerics), trial);
  },
});

const abortedQueueCase = (claims: Claims): ConformanceCase => ({
  rule: 'R19',
  name: 'runs aborted while they run or wait reject with the reason, those around them are answered',
  async run(backend) {
    const [dims] = claims.dims;
    const [long, short] = [longTrial(claims, dims, LONG), everydayTrial(claims, dims)];
    const reason = new Error('given up');
    const controller = new AbortController();
    await using prepared = await backend.prepare(short.operation);
    const running = runOf(prepared, long, { signal: controller.signal });
    const waiting = runOf(prepared, long, { signal: controller.signal });
    const after = runOf(prepared, short);
    controller.abort(reason);
    for (const [what, run] of [
      ['running', running],
      ['waiting', waiting],
    ] as const) {
      const found = await rejection(run, `a run aborted while ${what}`);
      expect(found === reason, `${what}: rejected with ${String(found)}, not with the reason`);
    }
    const { data } = await after;
    expectWithin(data, await expected(short, claims.block.numerics), short);
  },
});

const progressCase = (claims: Claims): ConformanceCase => ({
  rule: 'R20',
  name: 'progress rises from 0 to 1 and ends with the run',
  async run(backend) {
    const trial = longTrial(claims, claims.dims[0], LONG);
    const fractions: number[] = [];
    let settled = false;
    let late = false;
    await using prepared = await backend.prepare(trial.operation);
    await runOf(prepared, trial, {
      progress: (fraction) => {
        late ||= settled;
        fractions.push(fraction);
      },
    }).finally(() => {
      settled = true;
    });
    await new Promise<void>((resolve) => {
      setTimeout(resolve, 20);
    });
    expect(!late, 'progress was reported after the run had settled');
    const rises = fractions.every((f, i) => f >= 0 && f <= 1 && (i === 0 || f >= fractions[i - 1]));
    expect(rises, `progress went ${fractions.join(' ')}`);
  },
});
