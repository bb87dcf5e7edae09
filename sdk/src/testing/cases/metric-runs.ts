import type { Prepared } from '../../backend.js';
import type { IndexMap } from '../../index-map.js';
import { identityMap, pointsMap } from '../../map/construct.js';
import { locateAll, outputIndices } from '../../map/locate-all.js';
import type { Metric } from '../../operation.js';
import type { Pixels } from '../../pixel-type.js';
import type { Measured, MetricRun } from '../../run.js';
import { type MetricClaims, prefer } from '../claims.js';
import type { ConformanceCase } from '../conformance-case.js';
import { expect, expectCode, expectSame, rejection, snapshot } from '../expect.js';
import { fixedSize, metricOperation } from '../metric-trial.js';

/** How a metric's runs follow each other, end, fail and are given up. */
export function metricRunCases(claims: MetricClaims): readonly ConformanceCase[] {
  return [
    orderCase(claims),
    ...(claims.block.numerics.deterministic ? [sameBitsCase(claims)] : []),
    inputsCase(claims),
    badArgumentCase(claims),
    abortCase(claims),
    disposalCase(claims),
  ];
}

/** An everyday metric with a way to run it. */
interface Subject {
  readonly operation: Metric;
  readonly inputs: readonly Pixels[];
  run(prepared: Prepared<'metric'>, over?: Partial<MetricRun>): Promise<Measured>;
}

function subjectOf(claims: MetricClaims): Subject {
  const [dims] = claims.dims;
  const operation = metricOperation(claims, dims);
  const points = claims.samples.includes('grid')
    ? undefined
    : outputIndices({ size: fixedSize(dims) }, dims);
  const map = mapOf(claims, dims);
  const inputs = [operation.fixed.data, operation.moving.data];
  return {
    operation,
    inputs: points ? [...inputs, points] : inputs,
    run: (prepared, over) =>
      prepared.run(map, { derivative: operation.derivative, ...(points && { points }), ...over }),
  };
}

function mapOf(claims: MetricClaims, dims: number): IndexMap {
  const identity = identityMap(dims);
  if (prefer(claims.maps, 'affine') === 'affine') return identity;
  return pointsMap(locateAll(identity, { size: fixedSize(dims) }, dims));
}

const nameOf = ({ block }: MetricClaims, what: string): string => `${block.name}: ${what}`;

const orderCase = (claims: MetricClaims): ConformanceCase => ({
  rule: 'R12',
  name: nameOf(claims, 'runs are answered in call order'),
  async run(backend) {
    const { operation, run } = subjectOf(claims);
    await using prepared = await backend.prepare(operation);
    const answered: number[] = [];
    const runs = [0, 1, 2, 3].map((n) =>
      run(prepared, { derivative: operation.derivative && n % 2 === 0 }).then(() =>
        answered.push(n),
      ),
    );
    await Promise.all(runs);
    expectSame(answered, [0, 1, 2, 3], 'the order');
  },
});

const sameBitsCase = (claims: MetricClaims): ConformanceCase => ({
  rule: 'R13',
  name: nameOf(claims, 'the same run gives the same bits'),
  async run(backend) {
    const { operation, run } = subjectOf(claims);
    await using one = await backend.prepare(operation);
    await using other = await backend.prepare(operation);
    const first = await run(one);
    for (const again of [await run(one), await run(other)]) {
      expectSame([again.value], [first.value], 'the value');
      expectSame(again.derivative ?? [], first.derivative ?? [], 'the derivative');
    }
  },
});

const inputsCase = (claims: MetricClaims): ConformanceCase => ({
  rule: 'R14',
  name: nameOf(claims, 'images and points stay as they were'),
  async run(backend) {
    const { operation, inputs, run } = subjectOf(claims);
    const before = inputs.map(snapshot);
    await using prepared = await backend.prepare(operation);
    await run(prepared);
    for (const [i, input] of inputs.entries()) expectSame(input, before[i], 'an input');
  },
});

const badArgumentCase = (claims: MetricClaims): ConformanceCase => ({
  rule: 'R18',
  name: nameOf(claims, 'images, masks, maps and points that do not fit are refused'),
  async run(backend) {
    const { operation, run } = subjectOf(claims);
    const dims = operation.fixed.grid.size.length;
    const mask = operation.fixed;
    for (const [what, wrong] of [
      ['a mask of another size', { ...operation, movingMask: mask }],
      ['options it has not', { ...operation, options: { 'unheard-of': 1 } }],
    ] as const) {
      await expectCode(backend.prepare(wrong), 'BAD_ARGUMENT', what);
    }
    await using prepared = await backend.prepare(operation);
    const bad: readonly Promise<Measured>[] = [
      prepared.run(identityMap(5 - dims), { derivative: false }),
      prepared.run(pointsMap(new Float64Array(dims)), { derivative: false }),
      run(prepared, { points: new Float64Array(dims + 1) }),
    ];
    for (const one of bad) await expectCode(one, 'BAD_ARGUMENT', 'a run that does not fit');
    expect(Number.isFinite((await run(prepared)).value), 'the Prepared is broken');
  },
});

const abortCase = (claims: MetricClaims): ConformanceCase => ({
  rule: 'R19',
  name: nameOf(claims, 'an aborted prepare or run rejects with the reason, and the next one works'),
  async run(backend) {
    const { operation, run } = subjectOf(claims);
    const reason = new Error('given up');
    const signal = AbortSignal.abort(reason);
    const refused = await rejection(backend.prepare(operation, signal), 'an aborted prepare');
    expect(refused === reason, `prepare rejected with ${String(refused)}, not with the reason`);
    await using prepared = await backend.prepare(operation);
    const found = await rejection(run(prepared, { signal }), 'an aborted run');
    expect(found === reason, `it rejected with ${String(found)}, not with the reason`);
    expect(Number.isFinite((await run(prepared)).value), 'the Prepared is broken');
  },
});

const disposalCase = (claims: MetricClaims): ConformanceCase => ({
  rule: 'R21',
  name: nameOf(claims, 'a disposed Prepared answers none'),
  async run(backend) {
    const { operation, run } = subjectOf(claims);
    const prepared = await backend.prepare(operation);
    const running = run(prepared);
    await prepared[Symbol.asyncDispose]();
    expect(Number.isFinite((await running).value), 'the run in progress was lost');
    await expectCode(run(prepared), 'DISPOSED', 'a run after disposal');
    await prepared[Symbol.asyncDispose]();
  },
});
