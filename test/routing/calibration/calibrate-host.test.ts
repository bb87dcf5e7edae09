import assert from 'node:assert/strict';
import { join } from 'node:path';
import type { ResampleCapability } from '@voxhost/sdk';
import { createHost } from 'voxhost';
import { renderReport } from '#host/cli/calibrate.js';
import { calibratePlugin } from '#host/routing/calibration/calibrate.js';
import { formatCostBook } from '#host/routing/calibration/cost-book.js';
import { fingerprintOf, readFingerprint } from '#host/routing/calibration/read-fingerprint.js';
import { sampleOperations } from '#host/routing/calibration/sample-operations.js';
import { temporaryFolder } from '../../support/temporary-folder.js';
import { block, candidate, FakeBackend, resampleOf } from '../fakes.js';

const measured = { startMs: 0, prepareNsPerVoxel: 0, runMs: 42, nsPerSample: 0, copyGBs: 0 };

describe('calibration', () => {
  it('asks a block for what it claims, and for narrow and wide pixels where it has both', () => {
    const only = block({
      dims: [2],
      interpolators: ['keys-0.5'],
      boundaries: ['constant'],
      pixelTypes: ['int16'],
    });
    const [operation, ...more] = sampleOperations(only, [8]);
    assert.ok(operation?.kind === 'resample' && more.length === 0);
    assert.deepEqual(
      [
        operation.interpolator,
        operation.boundary.kind,
        operation.source.pixelType,
        operation.source.grid.size,
      ],
      ['keys-0.5', 'constant', 'int16', [8, 8]],
    );
    const both = sampleOperations(block(), [8]).map(
      (o) => o.kind === 'resample' && o.source.pixelType,
    );
    assert.deepEqual(both, ['float32', 'uint8']);
  });

  it('asks a block for what none of the blocks before it serves', () => {
    const narrow = block({ interpolators: ['linear'], pixelTypes: ['uint8', 'float32'] });
    const any = block({ interpolators: '*', pixelTypes: '*' });
    const own = (before: readonly ResampleCapability[]) =>
      sampleOperations(any, [4], before).map(
        (o) => o.kind === 'resample' && `${o.interpolator} ${o.source.pixelType}`,
      );
    assert.deepEqual(own([]), ['linear float32', 'linear uint8']);
    assert.deepEqual(own([narrow]), ['linear float64']);
    const everyType = block({ interpolators: ['linear'], pixelTypes: '*' });
    assert.deepEqual(own([everyType]), ['bspline3 float32', 'bspline3 uint8']);
  });

  it('measures each block of a plugin and says which could not be', async () => {
    const fails = new FakeBackend('slow', 1, () => new Error('no such kernel'));
    const { calibrated, failures } = await calibratePlugin(candidate('slow'), {
      acquire: async () => fails,
      fingerprint: async () => 'abc',
      now: () => '2026-01-01T00:00:00.000Z',
    });
    assert.deepEqual(calibrated.blocks, [null]);
    assert.match(failures[0] ?? '', /no such kernel/);
  });

  it('gives every measured block a cost and an error of its prediction', async () => {
    const calibration = await calibratePlugin(candidate('quick', [block({ dims: [2] })]), {
      acquire: async () => new FakeBackend('quick', 1),
      fingerprint: async () => 'abc',
      now: () => '2026-01-01T00:00:00.000Z',
    });
    const [first] = calibration.calibrated.blocks;
    assert.ok(
      first !== null && first !== undefined && first.cost.runMs + first.cost.nsPerSample > 0,
    );
    const report = renderReport({
      path: '/state/calibration.json',
      plugins: [calibration],
      failures: [],
    });
    assert.match(report, /quick .* ms .* %/);
    assert.match(report, /written to \/state\/calibration\.json$/);
  });

  it('is used by routing while plugin and machine are the same', async () => {
    using folder = temporaryFolder();
    const before = process.env['XDG_STATE_HOME'];
    process.env['XDG_STATE_HOME'] = folder.path;
    try {
      await using host = await createHost({ pluginMode: 'only', threads: 1 });
      const [entry] = (await host.plugins()).entries;
      assert.ok(entry?.manifest);
      const error = { median: 0, largest: 0 };
      const blocks = entry.manifest.capabilities.map(() => ({ cost: measured, error }));
      const plugin = { fingerprint: await readFingerprint(entry, 1), measuredAt: '', blocks };
      folder.write(
        join('voxhost', 'calibration.json'),
        formatCostBook({ [entry.manifest.id]: plugin }),
      );
      const explained = await host.explain(resampleOf());
      assert.deepEqual(
        [explained.candidates[0]?.predictedMs, explained.candidates[0]?.basis],
        [42, 'calibrated'],
      );
      await using other = await createHost({ pluginMode: 'only', threads: 2 });
      assert.equal((await other.explain(resampleOf())).candidates[0]?.basis, 'manifest');
    } finally {
      if (before === undefined) delete process.env['XDG_STATE_HOME'];
      else process.env['XDG_STATE_HOME'] = before;
    }
  });
});

describe('fingerprintOf', () => {
  const parts = {
    plugin: 'org.a',
    version: '1.0.0',
    files: { 'a.js': { size: 1, mtimeMs: 2 }, 'b.js': null },
    host: '1',
    node: '20',
    machine: 'm',
    threads: 2,
  };

  it('changes with every part, and not with the order of files', () => {
    const base = fingerprintOf(parts);
    const others = [
      { ...parts, version: '1.0.1' },
      { ...parts, files: { ...parts.files, 'a.js': { size: 1, mtimeMs: 3 } } },
      { ...parts, node: '22' },
      { ...parts, machine: 'n' },
      { ...parts, threads: 1 },
    ];
    assert.equal(new Set([base, ...others.map(fingerprintOf)]).size, others.length + 1);
    assert.equal(
      fingerprintOf({ ...parts, files: { 'b.js': null, 'a.js': { size: 1, mtimeMs: 2 } } }),
      base,
    );
  });
});
