import assert from 'node:assert/strict';
import type { Metric } from '@voxhost/sdk';
import { createHost } from '#host/composition/create-host.js';
import { isHostError } from '#host/errors.js';
import type { Host, HostOptions } from '#host/host.js';
import { ownState } from '../support/own-state.js';
import { fullCapabilities, writeChaos } from '../support/process-plugin.js';
import { identity, runOnce, smallImage, smallResample } from '../support/small-calls.js';
import { below, temporaryFolder } from '../support/temporary-folder.js';

/** Of one plugin: its faults, and its rank by the cost that it declares. */
async function withPlugins(
  faults: readonly string[],
  work: (host: Host, warnings: string[]) => Promise<void>,
  options: HostOptions = {},
): Promise<void> {
  using state = ownState();
  using folder = temporaryFolder();
  assert.ok(state.path);
  const pluginPaths = faults.map((fault, n) => {
    const plugin = below(folder, `p${n}`);
    const capabilities = fullCapabilities().map((block) => ({
      ...block,
      cost: { ...block.cost, startMs: n + 1 },
    }));
    return writeChaos(plugin, fault, { id: `org.example.p${n}`, name: `p${n}`, capabilities });
  });
  const warnings: string[] = [];
  const log: HostOptions['log'] = (level, source, text) =>
    void warnings.push(`${level} ${source}: ${text}`);
  await using host = await createHost({ pluginPaths, pluginMode: 'only', log, ...options });
  await work(host, warnings);
}

const EXPECTED = [...smallImage().data];

/** What can go wrong in the middle of a call, each in prepare and in run. */
const FAULTS = [
  ...['segv', 'bus', 'kill', 'abort', 'exit', 'throw', 'no-memory', 'garbage', 'half-frame'],
].flatMap((fault) => [`prepare=${fault}`, `run=${fault}`]);
const RUN_ONLY = ['short', 'wrong-type', 'unwritten', 'outside', 'nothing', 'answer-twice'];

describe('failover', () => {
  for (const fault of [...FAULTS, ...RUN_ONLY.map((name) => `run=${name}`)]) {
    it(`${fault}: the call is answered by the next, and says who failed`, () =>
      withPlugins([fault], async (host) => {
        await using prepared = await host.prepare(smallResample());
        const { data, provenance } = await runOnce(prepared);
        assert.deepEqual([...data], EXPECTED);
        assert.deepEqual(
          provenance.attempts.map(({ backend, outcome }) => `${backend} ${outcome}`),
          ['p0 failed', 'reference served'],
        );
      }));
  }

  const CANDIDATES = 3;
  const HOW = ['run=segv', 'prepare=exit', 'run=unwritten'];
  for (let failing = 0; failing < 2 ** CANDIDATES; failing++) {
    const faults = HOW.map((how, n) => ((failing >> n) & 1 ? how : ''));
    const title = faults.map((fault) => (fault === '' ? 'healthy' : fault)).join(', ');
    it(`of ${title}: the first healthy one serves, the order is kept`, () =>
      withPlugins(faults, async (host) => {
        await using prepared = await host.prepare(smallResample());
        const { data, provenance } = await prepared.run(identity, { samples: { size: [16, 12] } });
        assert.deepEqual([...data], EXPECTED);
        const healthy = faults.indexOf('');
        const names = provenance.attempts.map(({ backend }) => backend);
        const expected = ['p0', 'p1', 'p2', 'reference'];
        assert.deepEqual(names, expected.slice(0, healthy < 0 ? undefined : healthy + 1));
      }));
  }

  for (const fault of ['prepare=spin', 'run=spin', 'run=stall']) {
    it(`${fault}: the hanging process is killed, the call is answered by the next`, () =>
      withPlugins(
        [fault],
        async (host) => {
          await using prepared = await host.prepare(smallResample());
          const { data, provenance } = await runOnce(prepared);
          assert.deepEqual([...data], EXPECTED);
          assert.match(provenance.attempts[0]?.error?.message ?? '', /hung: it did not answer/);
        },
        { limits: { callFloorMs: 500, callFactor: 0 } },
      ));
  }

  it('writes into the buffer of the caller whoever serves', () =>
    withPlugins(['run=unwritten'], async (host) => {
      await using prepared = await host.prepare(smallResample());
      const into = new Float32Array(192);
      const { data } = await prepared.run(identity, { samples: { size: [16, 12] }, into });
      assert.equal(data, into);
      assert.deepEqual([...into], EXPECTED);
    }));

  it('a required backend fails loudly', () =>
    withPlugins(['run=segv'], async (host) => {
      await using prepared = await host.prepare(smallResample(), { backends: ['p0'] });
      await assert.rejects(
        runOnce(prepared),
        (error) => isHostError(error, 'BACKENDS_FAILED') && /p0: .*SIGSEGV/.test(error.message),
      );
    }));

  it('the story of a death is told: who, how, when, and who took over', () =>
    withPlugins(['run=segv'], async (host, lines) => {
      await using prepared = await host.prepare(smallResample());
      await runOnce(prepared);
      const told = lines.join('\n');
      assert.match(
        told,
        /warn loading: org\.example\.p0 crashed: it was ended by SIGSEGV during run/,
      );
      assert.match(told, /warn routing: p0 failed .*; reference takes over/);
    }));

  it('queued runs are answered in order by whoever is left', () =>
    withPlugins(['run:3=kill'], async (host, lines) => {
      await using prepared = await host.prepare(smallResample());
      const answers = await Promise.all(
        Array.from({ length: 6 }, () => prepared.run(identity, { samples: { size: [16, 12] } })),
      );
      for (const { data } of answers) assert.deepEqual([...data], EXPECTED);
      assert.equal(answers[0]?.provenance.backend, 'p0', lines.join('\n'));
      assert.equal(answers[5]?.provenance.backend, 'reference');
    }));

  it('a metric rejects with BACKEND_LOST, unless replay was asked for', () =>
    withPlugins(['run=segv', ''], async (host) => {
      const image = smallImage();
      const metric: Metric = {
        kind: 'metric',
        name: 'mean-squares',
        options: {},
        fixed: image,
        moving: image,
        fixedInterpolator: 'linear',
        movingInterpolator: 'linear',
        derivative: false,
        demand: { maps: ['affine'], samples: 'grid', perRun: 192, runs: 2 },
      };
      await using lost = await host.prepare(metric);
      await assert.rejects(
        lost.run(identity, { derivative: false }),
        (error) => isHostError(error, 'BACKEND_LOST') && error.fields.next === 'p1',
      );
      await using replayed = await host.prepare(metric, { replay: 'allow' });
      const { value, provenance } = await replayed.run(identity, { derivative: false });
      assert.equal(value, 0);
      assert.equal(provenance.backend, 'p1');
    }));
});
