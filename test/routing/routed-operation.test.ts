import assert from 'node:assert/strict';
import {
  type AffineMap,
  type CapabilityBlock,
  createGrid,
  createImage,
  isVoxhostError,
  type Metric,
  type Operation,
  type Resample,
  VoxhostError,
} from '@voxhost/sdk';
import { isHostError } from '#host/errors.js';
import { rank } from '#host/routing/rank.js';
import { RoutedOperation } from '#host/routing/routed-operation.js';
import { WaitGraph } from '#host/routing/waits.js';
import { linearMetric } from '../support/operations.js';
import { block, candidate, FakeBackend, poolOf, resampleOf } from './fakes.js';

const identity: AffineMap = { kind: 'affine', matrix: new Float64Array([1, 0, 0, 0, 1, 0]) };
const samples = { size: [2, 2] };
const unlimited = {
  budgetMs: Number.POSITIVE_INFINITY,
  availableMemory: () => Number.POSITIVE_INFINITY,
  waits: new WaitGraph(),
};
const dead = () => new VoxhostError('BACKEND_FAILED', { backend: 'a', reason: 'device lost' });

const meanSquares = (image = resampleOf().source): Metric =>
  linearMetric(
    'mean-squares',
    { fixed: image, moving: image },
    {
      options: null,
      derivative: false,
      demand: { maps: ['affine'], samples: 'grid', perRun: 4, runs: 2 },
    },
  );

function metricBlocks(): readonly CapabilityBlock[] {
  const { dims, pixelTypes, maps, samples: where, cost, numerics } = block();
  const axes = { dims, pixelTypes, maps, samples: where, derivative: true };
  return [{ op: 'metric', name: 'mean-squares', ...axes, cost, numerics }];
}

function routeOver<O extends Operation = Resample>(
  backends: readonly FakeBackend[],
  operation: O = resampleOf() as unknown as O,
  blocks: readonly CapabilityBlock[] = [block()],
  availableBytes = Number.POSITIVE_INFINITY,
) {
  const pool = poolOf(backends);
  const warnings: string[] = [];
  const { order } = rank(
    operation,
    backends.map((b) => candidate(b.name, blocks)),
  );
  const services = {
    pool,
    warn: (text: string) => void warnings.push(text),
    replayMetric: false,
    ...unlimited,
    availableMemory: () => availableBytes,
  };
  return { pool, warnings, open: () => RoutedOperation.open(operation, order, services) };
}

describe('RoutedOperation', () => {
  it('answers with provenance', async () => {
    const { open } = routeOver([new FakeBackend('a', 7)]);
    await using route = await open();
    const { data, provenance } = await route.run(identity, { samples });
    assert.deepEqual([...data], [7, 7, 7, 7]);
    assert.equal(provenance.backend, 'a');
    assert.deepEqual(
      provenance.attempts.map((a) => a.outcome),
      ['served'],
    );
  });

  it('prepares and runs again on the next when a run fails, and says so', async () => {
    const a = new FakeBackend('a', 1, (n) => (n === 1 ? dead() : 'answer'));
    const b = new FakeBackend('b', 2);
    const { open, pool, warnings } = routeOver([a, b]);
    await using route = await open();
    const values = [];
    for (let i = 0; i < 3; i++) values.push((await route.run(identity, { samples })).data[0]);
    assert.deepEqual(values, [1, 2, 2]);
    assert.deepEqual(b.log, ['prepare', 'run', 'run']);
    assert.deepEqual(pool.discarded, ['org.example.a']);
    assert.match(warnings[0] ?? '', /a failed.*device lost.*b takes over/);
  });

  it('answers queued runs in call order while the backend changes', async () => {
    const a = new FakeBackend('a', 1, (n) => (n >= 1 ? dead() : 'answer'));
    const { open } = routeOver([a, new FakeBackend('b', 2)]);
    await using route = await open();
    const settled: number[] = [];
    await Promise.all(
      [0, 1, 2, 3].map((n) => route.run(identity, { samples }).then(() => settled.push(n))),
    );
    assert.deepEqual(settled, [0, 1, 2, 3]);
  });

  for (const broken of ['short', 'wrong-type', 'unwritten'] as const) {
    it(`moves on from an answer that is ${broken}`, async () => {
      const { open } = routeOver([new FakeBackend('a', 1, () => broken), new FakeBackend('b', 2)]);
      await using route = await open();
      const { data, provenance } = await route.run(identity, { samples });
      assert.equal(data[0], 2);
      assert.match(provenance.attempts[0]?.error?.message ?? '', /contract-violation/);
    });
  }

  const refusal = () =>
    new VoxhostError('BAD_ARGUMENT', { argument: 'map', reason: 'has 3 dimensions' });

  it('refuses bad input itself, before anybody is asked, and serves on', async () => {
    const [a, b] = [new FakeBackend('a', 1), new FakeBackend('b', 2)];
    const { open } = routeOver([a, b]);
    await using route = await open();
    const bad = [
      [{ ...identity, matrix: new Float64Array(3) }, { samples }],
      [identity, { samples: { size: [2] } }],
      [identity, { samples, into: new Float32Array(3) }],
      [identity, { samples, into: new Int16Array(4) }],
    ] as const;
    for (const [map, run] of bad)
      await assert.rejects(route.run(map, run), (error) => isVoxhostError(error, 'BAD_ARGUMENT'));
    assert.deepEqual([a.log, b.log], [['prepare'], []]);
    assert.equal((await route.run(identity, { samples })).data[0], 1);
  });

  it('does not believe a backend that blames a run which fits', async () => {
    const { open, pool } = routeOver([new FakeBackend('a', 1, refusal), new FakeBackend('b', 2)]);
    await using route = await open();
    const { data, provenance } = await route.run(identity, { samples });
    assert.equal(data[0], 2);
    assert.equal(provenance.attempts[0]?.error?.code, 'BAD_ARGUMENT');
    assert.deepEqual([pool.discarded, pool.blamed], [[], []]);
  });

  it('gives the first refusal where all who could serve refuse', async () => {
    const { open } = routeOver([
      new FakeBackend('a', 1, refusal),
      new FakeBackend('b', 2, refusal),
    ]);
    await using route = await open();
    await assert.rejects(route.run(identity, { samples }), (error) =>
      isVoxhostError(error, 'BAD_ARGUMENT'),
    );
  });

  for (const [name, source, believed] of [
    ['an image in which the host finds nothing', [1, 2, 3, 4], false],
    ['a source that a prefilter would spread a NaN over', [1, Number.NaN, 3, 4], true],
  ] as const) {
    it(`asks ${believed ? 'nobody' : 'the next'} when a backend refuses to prepare ${name}`, async () => {
      const [a, b] = [new FakeBackend('a', 1), new FakeBackend('b', 2)];
      a.prepare = () =>
        Promise.reject(new VoxhostError('BAD_IMAGE', { field: 'data', reason: 'is ugly' }));
      const image = createImage(createGrid({ size: [2, 2] }), Float32Array.from(source));
      const { open } = routeOver(
        [a, b],
        resampleOf(4, 1, { source: image, interpolator: 'bspline3' }),
      );
      if (believed) return assert.rejects(open(), (error) => isVoxhostError(error, 'BAD_IMAGE'));
      await using route = await open();
      assert.equal((await route.run(identity, { samples })).data[0], 2);
    });
  }

  it('leaves a refused run of a metric to its backend, which serves on', async () => {
    const a = new FakeBackend('a', 1, (n) => (n === 0 ? refusal() : 'answer'));
    const { open } = routeOver([a, new FakeBackend('b', 2)], meanSquares(), metricBlocks());
    await using route = await open();
    await assert.rejects(
      route.run(identity, { derivative: false, options: { bins: 0 } }),
      (error) => isVoxhostError(error, 'BAD_ARGUMENT'),
    );
    assert.equal((await route.run(identity, { derivative: false })).value, 1);
  });

  it('rejects with every attempt when nobody is left', async () => {
    const { open } = routeOver([new FakeBackend('a', 1, dead), new FakeBackend('b', 1, dead)]);
    await using route = await open();
    await assert.rejects(
      route.run(identity, { samples }),
      (error) => isHostError(error, 'BACKENDS_FAILED') && /a: .*b: /.test(error.message),
    );
  });

  it('over n candidates of which any subset fails, the first healthy one serves', async () => {
    const n = 4;
    for (let failing = 0; failing < 2 ** n; failing++) {
      const backends = Array.from(
        { length: n },
        (_, i) => new FakeBackend(`b${i}`, i, () => ((failing >> i) & 1 ? dead() : 'answer')),
      );
      await using route = await routeOver(backends).open();
      const healthy = backends.findIndex((_, i) => ((failing >> i) & 1) === 0);
      const answer = route.run(identity, { samples });
      if (healthy < 0) await assert.rejects(answer);
      else assert.equal((await answer).data[0], healthy);
    }
  });

  it('tries nobody else once failures have cost their budget', async () => {
    const backends = [0, 1, 2].map((n) => new FakeBackend(`b${n}`, n, dead));
    const { order } = rank(
      resampleOf(),
      backends.map((b) => candidate(b.name)),
    );
    const services = {
      ...unlimited,
      pool: poolOf(backends),
      warn: () => undefined,
      replayMetric: false,
      budgetMs: 0,
    };
    await using route = await RoutedOperation.open(resampleOf(), order, services);
    await assert.rejects(
      route.run(identity, { samples }),
      (error) => isHostError(error, 'BACKENDS_FAILED') && /0 ms for failures/.test(error.message),
    );
    assert.deepEqual(backends[2]?.log, []);
  });

  it('refuses before it starts what the machine has no memory for', async () => {
    const [hungry, modest] = [new FakeBackend('a', 1), new FakeBackend('b', 2)];
    hungry.supports = () => ({ ok: true, memory: { prepare: 600, run: 600 } });
    const { order } = rank(
      resampleOf(),
      [hungry, modest].map((b) => candidate(b.name)),
    );
    const services = {
      ...unlimited,
      pool: poolOf([hungry, modest]),
      warn: () => undefined,
      replayMetric: false,
      availableMemory: () => 1000,
    };
    await using route = await RoutedOperation.open(resampleOf(), order, services);
    const { data, provenance } = await route.run(identity, { samples });
    assert.equal(data[0], 2);
    assert.equal(provenance.attempts[0]?.error?.code, 'OUT_OF_MEMORY');
    assert.deepEqual(hungry.log, []);
  });

  it('splits what the machine has no memory for as a whole, and says so', async () => {
    const a = new FakeBackend('a', 7);
    a.supports = ({ demand }) => ({ ok: true, memory: { prepare: 10, run: demand.perRun * 10 } });
    const { open, warnings } = routeOver([a], resampleOf(16), [block()], 55);
    await using route = await open();
    const { data, provenance } = await route.run(identity, { samples: { size: [4, 4] } });
    assert.deepEqual([...data], new Array(16).fill(7));
    assert.deepEqual(a.log, ['prepare', 'run', 'run', 'run', 'run']);
    assert.deepEqual(warnings, ['a runs in blocks of 4 samples, for want of memory']);
    assert.equal(provenance.attempts.length, 1);
  });

  it('a cancel is heard while the next backend is still being prepared', async () => {
    const [a, b] = [new FakeBackend('a', 1, dead), new FakeBackend('b', 2)];
    b.prepare = () => new Promise(() => undefined);
    const { open } = routeOver([a, b]);
    const route = await open();
    const controller = new AbortController();
    const running = route.run(identity, { samples, signal: controller.signal });
    setTimeout(() => controller.abort(new Error('no longer wanted')), 5);
    await assert.rejects(running, /no longer wanted/);
  });

  it('rejects a metric with BACKEND_LOST naming the next, so that an optimiser knows', async () => {
    const metric = meanSquares();
    const backends = [new FakeBackend('a', 1, dead), new FakeBackend('b', 2)];
    const { order } = rank(
      metric,
      backends.map((b) => candidate(b.name, metricBlocks())),
    );
    const services = {
      pool: poolOf(backends),
      warn: () => undefined,
      replayMetric: false,
      ...unlimited,
    };
    await using lost = await RoutedOperation.open(metric, order, services);
    await assert.rejects(
      lost.run(identity, { derivative: false }),
      (error) => isHostError(error, 'BACKEND_LOST') && error.fields.next === 'b',
    );
    await using replayed = await RoutedOperation.open(metric, order, {
      ...services,
      replayMetric: true,
    });
    assert.equal((await replayed.run(identity, { derivative: false })).value, 2);
  });
});
