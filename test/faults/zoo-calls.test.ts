import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { CapabilityBlock, Manifest, Metric, MetricCapability } from '@voxhost/sdk';
import { conformanceCases } from '@voxhost/sdk/testing';
import { createHost } from '#host/composition/create-host.js';
import { isHostError } from '#host/errors.js';
import type { Host, HostOptions } from '#host/host.js';
import { writeImage } from '#host/io/index.js';
import { calibratePlugin } from '#host/routing/calibration/calibrate.js';
import { candidate } from '../routing/fakes.js';
import { capture } from '../support/capture.js';
import { nearestBlock } from '../support/manifest-builder.js';
import { ownState } from '../support/own-state.js';
import { activateAt, chaos, fullCapabilities, writeChaos } from '../support/process-plugin.js';
import { identity, runOnce, smallImage, smallResample } from '../support/small-calls.js';
import { below, type TemporaryFolder, temporaryFolder } from '../support/temporary-folder.js';
import { type WrittenPlugin, writePlugin } from '../support/written-plugin.js';

const EXPECTED = [...smallImage().data];

interface Found {
  readonly host: Host;
  readonly lines: readonly string[];
}

/** A host over the plugins that were written into a folder of its own. */
async function withPlugins(
  write: (folder: TemporaryFolder) => void,
  work: (found: Found) => Promise<void>,
  options: HostOptions = {},
): Promise<void> {
  using _state = ownState();
  using folder = temporaryFolder();
  write(folder);
  const lines: string[] = [];
  await using host = await createHost({
    pluginPaths: [folder.path],
    pluginMode: 'only',
    log: (level, source, text) => void lines.push(`${level} ${source}: ${text}`),
    ...options,
  });
  await work({ host, lines });
}

/** By the cost that they declare, the n-th plugin is the n-th choice. */
const ranked = (n: number, blocks = fullCapabilities()): Partial<Manifest> => ({
  id: `org.example.p${n}`,
  name: `p${n}`,
  capabilities: blocks.map((block) => ({ ...block, cost: { ...block.cost, startMs: n + 1 } })),
});

const aMetric = (name: string): MetricCapability => ({
  op: 'metric',
  name,
  dims: [2],
  pixelTypes: '*',
  maps: ['affine'],
  samples: ['grid'],
  derivative: false,
  cost: { startMs: 1, prepareNsPerVoxel: 0, runMs: 0, nsPerSample: 1, copyGBs: 10 },
  numerics: { class: 'exact', deterministic: true, reference: 'reference@1' },
});

const measure = (name: string): Metric => ({
  kind: 'metric',
  name,
  options: null,
  fixed: smallImage(),
  moving: smallImage(),
  fixedInterpolator: 'linear',
  movingInterpolator: 'linear',
  derivative: false,
  demand: { maps: ['affine'], samples: 'grid', perRun: 192, runs: 1 },
});

describe('E58 two plugins of one name', () => {
  it('the name alone is refused and the ids are told; each serves by its id', () =>
    withPlugins(
      (folder) => {
        for (const n of [0, 1])
          writePlugin(below(folder, `p${n}`), {}, { ...ranked(n), name: 'twin' });
      },
      async ({ host }) => {
        await assert.rejects(
          host.prepare(smallResample(), { backends: ['twin'] }),
          (error) =>
            isHostError(error, 'USAGE') &&
            /org\.example\.p0 and org\.example\.p1/.test(error.message),
        );
        for (const id of ['org.example.p0', 'org.example.p1']) {
          await using prepared = await host.prepare(smallResample(), { backends: [id] });
          assert.deepEqual([...(await runOnce(prepared)).data], EXPECTED);
        }
      },
    ));
});

describe('E59 memory that is spent', () => {
  it('a heap that is exhausted ends the child, and is told from other deaths', () =>
    withPlugins(
      (folder) => {
        // The child's heap is made small, so that it is full in a moment.
        process.env['NODE_OPTIONS'] = '--max-old-space-size=64';
        const permissions = { env: ['NODE_OPTIONS'] };
        writeChaos(folder, 'run=out-of-memory', { ...ranked(0), permissions });
      },
      async ({ host, lines }) => {
        try {
          await using prepared = await host.prepare(smallResample());
          const { data, provenance } = await runOnce(prepared);
          assert.deepEqual([...data], EXPECTED);
          assert.equal(provenance.backend, 'reference');
          assert.match(lines.join('\n'), /p0 crashed: it ran out of JavaScript memory \(SIGABRT\)/);
        } finally {
          delete process.env['NODE_OPTIONS'];
        }
      },
    ));
});

describe('E61 wrong numbers', () => {
  const claim: CapabilityBlock = {
    ...nearestBlock,
    interpolators: ['linear'],
    boundaries: ['nearest'],
    pixelTypes: ['float32'],
  };
  /** Rules of the kit about numbers: enough to judge, and quick. */
  const RULES = new Set(['R3', 'R4', 'R13']);
  const rulesBroken = async (faults: string): Promise<readonly string[]> => {
    await using plugin = await chaos(faults, { capabilities: [claim] });
    const broken: string[] = [];
    for (const { rule, run } of conformanceCases([claim])) {
      if (!RULES.has(rule) || broken.includes(rule)) continue;
      await run(plugin.backend, async () => plugin.backend).catch(() => broken.push(rule));
    }
    return broken;
  };

  it('none are found in a plugin that computes', async () => {
    assert.deepEqual(await rulesBroken(''), []);
  });
  for (const lie of ['off-by-one', 'half-voxel', 'swapped-axes', 'last-slice', 'noise'])
    it(`${lie}: the conformance kit finds it`, async () => {
      assert.ok((await rulesBroken(`run=${lie}`)).length > 0);
    });
  it('noise is found to differ from run to run', async () => {
    assert.ok((await rulesBroken('run=noise')).includes('R13'));
  });
});

describe('E62 what is declared and not there', () => {
  const picky: WrittenPlugin = {
    prepare: `if (operation.interpolator === 'linear') throw Object.assign(new Error('x'),
      { code: 'UNSUPPORTED', fields: { backend: 'p0', axis: 'interpolator', reason: 'lacks linear' } });`,
  };
  it('is passed on, and the plugin serves what it has', () =>
    withPlugins(
      (folder) => writePlugin(folder, picky, ranked(0)),
      async ({ host, lines }) => {
        const served = [];
        for (const interpolator of ['linear', 'nearest', 'linear', 'nearest'] as const) {
          await using prepared = await host.prepare({ ...smallResample(), interpolator });
          served.push((await runOnce(prepared)).provenance.backend);
        }
        assert.deepEqual(served, ['reference', 'p0', 'reference', 'p0']);
        assert.ok(!lines.some((line) => line.includes('quarantined')));
      },
    ));
});

describe('E65 all fail', () => {
  const FAULTS = ['run=segv', 'prepare=exit', 'run=unwritten', 'activate=throw', 'run=garbage'];
  it('of five, each in its own way: one error names all, and there is no output', async () => {
    using state = ownState();
    using folder = temporaryFolder();
    assert.ok(state.path);
    for (const [n, faults] of FAULTS.entries())
      writeChaos(below(folder, `p${n}`), faults, ranked(n));
    const [input, output] = [join(folder.path, 'in.nii'), join(folder.path, 'out.nii')];
    await writeImage(smallImage(), input);
    const { exitCode, out, err } = await capture([
      ...['resample', input, output, '--spacing', '2,2', '--plugin-path', folder.path],
      ...['--backend', 'p0,p1,p2,p3,p4'],
    ]);
    assert.equal(exitCode, 5, err);
    assert.equal(out, '');
    for (const told of [/p0: .*SIGSEGV/, /p1: .*exit/, /p2: .*did not write/, /p3: .*chaos threw/])
      assert.match(err, told);
    assert.match(err, /p4: .*magic/);
    assert.ok(!readdirSync(folder.path).some((name) => name.startsWith('out')));
  });
});

describe('E66 a plugin that is slow when it is timed first', () => {
  const warmingUp: WrittenPlugin = {
    top: 'let runs = 0;',
    run: 'if (runs++ < 2) await new Promise((r) => setTimeout(r, 250)); return serve();',
  };
  it('is not taken for slow ever after', async () => {
    using folder = temporaryFolder();
    const claim = { ...nearestBlock, dims: [2], pixelTypes: ['float32'] } as const;
    const path = writePlugin(folder, warmingUp, { capabilities: [claim] });
    await using plugin = await activateAt(path);
    const { calibrated, failures } = await calibratePlugin(candidate('fake', [claim]), {
      acquire: async () => plugin.backend,
      fingerprint: async () => 'abc',
      now: () => '2026-01-01T00:00:00.000Z',
    });
    assert.deepEqual(failures, []);
    const runMs = calibrated.blocks[0]?.cost.runMs;
    assert.ok(runMs !== undefined && runMs < 125, `${runMs} ms`);
  });
});

describe('plugins that wait for each other', () => {
  const asks = (operation: string): WrittenPlugin => ({
    prepare: `const other = await context.prepare(${operation});`,
    dispose: '',
  });
  const RESAMPLE = `{ kind: 'resample', source: operation.moving ?? source, interpolator: 'linear',
    boundary: { kind: 'nearest' }, pixelType: 'float32', gradient: false,
    demand: { maps: ['affine'], samples: 'grid', perRun: 192, runs: 1 } }`;
  const METRIC = `{ kind: 'metric', name: 'ring', options: null, fixed: source, moving: source,
    fixedInterpolator: 'linear', movingInterpolator: 'linear', derivative: false,
    demand: { maps: ['affine'], samples: 'grid', perRun: 192, runs: 1 } }`;

  it('a metric over a resampler over that metric: the ring is refused at once, the call is served', () =>
    withPlugins(
      (folder) => {
        writePlugin(below(folder, 'm'), asks(RESAMPLE), ranked(0, [aMetric('ring')]));
        const resamples = fullCapabilities().filter(({ op }) => op === 'resample');
        writePlugin(below(folder, 'r'), asks(METRIC), ranked(1, resamples));
      },
      async ({ host, lines }) => {
        await using prepared = await host.prepare(measure('ring'));
        assert.equal(prepared.backend, 'p0');
        const { value } = await prepared.run(identity, { derivative: false });
        assert.equal(value, 0);
        const ring =
          /it waits for the one that asks \(org.example.p1 -> org.example.p0 -> org.example.p1\)/;
        assert.match(lines.join('\n'), ring);
        assert.match(lines.join('\n'), /p1 failed .*; reference takes over/);
        assert.ok(!lines.some((line) => line.includes('hung')));
      },
    ));
});
