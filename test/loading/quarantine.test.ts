import assert from 'node:assert/strict';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createHost } from '#host/composition/create-host.js';
import { releasePlugin } from '#host/loading/quarantine/plugin-health.js';
import {
  addStrike,
  type HealthState,
  release,
  STRIKES_TO_QUARANTINE,
} from '#host/loading/quarantine/strikes.js';
import { capture } from '../support/capture.js';
import { ownState } from '../support/own-state.js';
import { writeChaos } from '../support/process-plugin.js';
import { runOnce, smallImage, smallResample } from '../support/small-calls.js';
import { temporaryFolder } from '../support/temporary-folder.js';

const DAY_MS = 86_400_000;
const NOTHING: HealthState = { strikes: {}, quarantined: {} };
const crash = { id: 'a.b.c', fingerprint: 'f', verdict: 'crashed', reason: 'SIGSEGV' } as const;
const struck = (state: HealthState, times: number, now = 0, changes = {}): HealthState => {
  let after = state;
  for (let n = 0; n < times; n++) after = addStrike(after, { ...crash, now, ...changes });
  return after;
};

describe('quarantine', () => {
  it('comes with the third failure within a day, for a day', () => {
    assert.deepEqual(struck(NOTHING, STRIKES_TO_QUARANTINE - 1).quarantined, {});
    const { quarantined } = struck(NOTHING, STRIKES_TO_QUARANTINE, 1000);
    assert.deepEqual(quarantined, {
      'a.b.c': { fingerprint: 'f', until: 1000 + DAY_MS, reason: 'crashed: SIGSEGV' },
    });
  });

  it('comes the second time until other circumstances release it', () => {
    const once = struck(NOTHING, STRIKES_TO_QUARANTINE);
    const twice = struck(once, STRIKES_TO_QUARANTINE, 2 * DAY_MS);
    assert.ok((twice.quarantined['a.b.c']?.until ?? 0) > 100 * 365 * DAY_MS);
  });

  it('forgets failures of yesterday and of other circumstances', () => {
    const two = struck(NOTHING, 2);
    assert.deepEqual(struck(two, 1, DAY_MS).quarantined, {});
    assert.deepEqual(struck(two, 1, 0, { fingerprint: 'g' }).quarantined, {});
  });

  it('blames no plugin for what its machine lacks', () => {
    assert.deepEqual(struck(NOTHING, 9, 0, { verdict: 'missing-hardware' }), NOTHING);
  });

  it('is released by hand, strikes and all', () => {
    assert.deepEqual(release(struck(NOTHING, 5), 'a.b.c'), NOTHING);
  });

  it('holds a crashing plugin back in this host and the next, until it is released', async () => {
    using folder = temporaryFolder();
    using state = temporaryFolder();
    const before = process.env['XDG_STATE_HOME'];
    process.env['XDG_STATE_HOME'] = state.path;
    try {
      writeChaos(folder, 'run=segv', { id: 'org.example.crasher', name: 'crasher' });
      const options = { pluginPaths: [folder.path], pluginMode: 'only', log: () => {} } as const;
      await using host = await createHost(options);
      for (let call = 0; call < STRIKES_TO_QUARANTINE; call++) {
        await using prepared = await host.prepare(smallResample());
        assert.equal(prepared.backend, 'crasher');
        const { data, provenance } = await prepared.run(
          { kind: 'affine', matrix: new Float64Array([1, 0, 0, 0, 1, 0]) },
          { samples: { size: [16, 12] } },
        );
        assert.equal(provenance.backend, 'reference');
        assert.deepEqual([...data], [...smallImage().data]);
      }
      await using held = await host.prepare(smallResample());
      assert.equal(held.backend, 'reference');
      await using next = await createHost(options);
      const { entries } = await next.plugins();
      assert.equal(entries[0]?.verdict.verdict, 'quarantined');
      assert.match(String(entries[0]?.verdict.evidence.found), /^crashed: .*SIGSEGV/);

      const { exitCode } = await capture(['plugins', 'release', 'org.example.crasher']);
      assert.equal(exitCode, 0);
      await using freed = await createHost(options);
      assert.equal((await freed.plugins()).entries[0]?.verdict.verdict, 'compatible');
      assert.equal(releasePlugin(join(state.path, 'voxhost'), 'org.example.crasher'), false);
      assert.ok(readFileSync(join(state.path, 'voxhost/plugins.json'), 'utf8').length > 0);
    } finally {
      if (before === undefined) delete process.env['XDG_STATE_HOME'];
      else process.env['XDG_STATE_HOME'] = before;
    }
  });

  it('that nobody could have earned is none: the state file may be damaged', async () => {
    using folder = temporaryFolder();
    using state = ownState();
    writeChaos(folder, '', { id: 'org.example.fine', name: 'fine' });
    for (const until of [1e300, '2026', null]) {
      const quarantined = { 'org.example.fine': { fingerprint: 'f', reason: 'x', until } };
      mkdirSync(join(state.path, 'voxhost'), { recursive: true });
      writeFileSync(join(state.path, 'voxhost/plugins.json'), JSON.stringify({ quarantined }));
      await using host = await createHost({ pluginPaths: [folder.path], pluginMode: 'only' });
      assert.equal((await host.plugins()).entries[0]?.verdict.verdict, 'compatible');
    }
  });

  it('is lifted by changed files', async () => {
    using folder = temporaryFolder();
    using state = temporaryFolder();
    const before = process.env['XDG_STATE_HOME'];
    process.env['XDG_STATE_HOME'] = state.path;
    try {
      writeChaos(folder, 'activate=throw', { id: 'org.example.thrower', name: 'thrower' });
      const options = { pluginPaths: [folder.path], pluginMode: 'only', log: () => {} } as const;
      await using host = await createHost(options);
      for (let call = 0; call < STRIKES_TO_QUARANTINE; call++) {
        await using prepared = await host.prepare(smallResample());
        assert.equal((await runOnce(prepared)).data.length, 192);
      }
      assert.equal((await host.plugins()).entries[0]?.verdict.verdict, 'quarantined');
      folder.write('plugin.mjs', `${readFileSync(join(folder.path, 'plugin.mjs'))}\n`);
      await using next = await createHost(options);
      assert.equal((await next.plugins()).entries[0]?.verdict.verdict, 'compatible');
    } finally {
      if (before === undefined) delete process.env['XDG_STATE_HOME'];
      else process.env['XDG_STATE_HOME'] = before;
    }
  });
});

describe('failures before a quarantine', () => {
  it('are told by plugins doctor, with the last reason and its time', async () => {
    using folder = temporaryFolder();
    using _state = ownState();
    writeChaos(folder, 'run=segv', { id: 'org.example.crasher', name: 'crasher' });
    const paths = ['--plugin-path', folder.path];
    {
      const options = { pluginPaths: [folder.path], log: () => {} } as const;
      await using host = await createHost(options);
      await using prepared = await host.prepare(smallResample(), {
        backends: ['crasher'],
        fallback: 'allow',
      });
      await runOnce(prepared);
    }
    const { out } = await capture(['plugins', 'doctor', '--no-start', ...paths]);
    const told =
      /failed 1 of 3 times before its quarantine, last at \d{4}-.*Z: crashed: it was ended by SIGSEGV during run/;
    assert.match(out, told);
  });
});
