import assert from 'node:assert/strict';
import { type AffineMap, type Metric, VoxhostError } from '@voxhost/sdk';
import { isHostError } from '#host/errors.js';
import { rank } from '#host/routing/rank.js';
import { RoutedOperation } from '#host/routing/routed-operation.js';
import { block, candidate, FakeBackend, poolOf, resampleOf } from './fakes.js';

const identity: AffineMap = { kind: 'affine', matrix: new Float64Array([1, 0, 0, 0, 1, 0]) };
const samples = { size: [2, 2] };
const unlimited = {
  budgetMs: Number.POSITIVE_INFINITY,
  availableMemory: () => Number.POSITIVE_INFINITY,
};
const dead = () => new VoxhostError('BACKEND_FAILED', { backend: 'a', reason: 'device lost' });

function routeOver(backends: readonly FakeBackend[], operation = resampleOf()) {
  const pool = poolOf(backends);
  const warnings: string[] = [];
  const { order } = rank(
    operation,
    backends.map((b) => candidate(b.name)),
  );
  const services = {
    pool,
    warn: (text: string) => void warnings.push(text),
    replayMetric: false,
    ...unlimited,
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

  it('never tries bad input elsewhere', async () => {
    const bad = new VoxhostError('BAD_ARGUMENT', { argument: 'map', reason: 'has 3 dimensions' });
    const b = new FakeBackend('b', 2);
    const { open } = routeOver([new FakeBackend('a', 1, () => bad), b]);
    await using route = await open();
    await assert.rejects(route.run(identity, { samples }), (error) => error === bad);
    assert.deepEqual(b.log, []);
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
    const image = resampleOf().source;
    const metric: Metric = {
      kind: 'metric',
      name: 'mean-squares',
      options: null,
      fixed: image,
      moving: image,
      fixedInterpolator: 'linear',
      movingInterpolator: 'linear',
      derivative: false,
      demand: { maps: ['affine'], samples: 'grid', perRun: 4, runs: 2 },
    };
    const { dims, pixelTypes, maps, samples: where, cost, numerics } = block();
    const claims = [
      {
        op: 'metric' as const,
        name: 'mean-squares',
        dims,
        pixelTypes,
        maps,
        samples: where,
        derivative: true,
        cost,
        numerics,
      },
    ];
    const backends = [new FakeBackend('a', 1, dead), new FakeBackend('b', 2)];
    const { order } = rank(
      metric,
      backends.map((b) => candidate(b.name, claims)),
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
