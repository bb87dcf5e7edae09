import assert from 'node:assert/strict';
import { chmodSync } from 'node:fs';
import { join } from 'node:path';
import { isHostError } from '#host/errors.js';
import { judgeProbe } from '#host/loading/probe/judge-probe.js';
import { activateAt, processManifest, writeChaos } from '../support/process-plugin.js';
import { temporaryFolder } from '../support/temporary-folder.js';

const ended = { code: 0, signal: null, stdout: '', stderr: '', isCut: false };
const verdictOf = (changes: Partial<Parameters<typeof judgeProbe>[0]>): string => {
  const found = judgeProbe({ ...ended, ...changes });
  return found.ok ? 'ready' : `${found.verdict}: ${found.reason}`;
};

describe('judgeProbe', () => {
  const cases: readonly (readonly [string, Parameters<typeof verdictOf>[0], RegExp])[] = [
    ['says that it is ready', { stdout: ' {"ready": true, "devices": []}\n' }, /^ready$/],
    ['says nothing', {}, /^probe-failed: .*nothing/],
    ['says noise before its JSON', { stdout: 'hello {"ready": true}' }, /^probe-failed/],
    ['says noise after its JSON', { stdout: '{"ready": true} bye' }, /^probe-failed/],
    ['says a list', { stdout: '[true]' }, /^probe-failed/],
    ['does not say whether', { stdout: '{"ready": "yes"}' }, /^probe-failed: .*did not say/],
    [
      'says what is missing',
      { stdout: '{"ready": false, "verdict": "missing-hardware", "reason": "no GPU"}' },
      /^missing-hardware: no GPU/,
    ],
    [
      'gives itself a verdict of ours',
      { stdout: '{"ready": false, "verdict": "ready"}' },
      /^probe-failed/,
    ],
    ['exits with 7', { code: 7, stderr: 'no driver' }, /^probe-failed: .*code 7: no driver/],
    ['says too much', { isCut: true }, /^probe-failed: .*more than/],
    ['takes too long', { code: null, expiredMs: 5 }, /^probe-timeout: .*5 ms/],
    ...(['SIGSEGV', 'SIGABRT', 'SIGBUS', 'SIGILL', 'SIGKILL'] as const).map(
      (signal) =>
        [`dies of ${signal}`, { code: null, signal }, new RegExp(`^crashed: .*${signal}`)] as const,
    ),
  ];
  for (const [name, changes, expected] of cases)
    it(`a probe that ${name}`, () => assert.match(verdictOf(changes), expected));
});

describe('a probe', () => {
  async function outcomeOf(
    source: string,
    type: 'esm' | 'exec',
    timeoutMs = 20_000,
  ): Promise<string> {
    using folder = temporaryFolder();
    const path = type === 'esm' ? 'probe.mjs' : 'probe.sh';
    folder.write(path, source);
    if (type === 'exec') chmodSync(join(folder.path, path), 0o755);
    const manifest = processManifest({
      permissions: { childProcess: true },
      targets: [
        {
          os: process.platform,
          cpu: process.arch,
          ...(process.platform === 'linux' ? { libc: '*' as const } : {}),
          entry: { type: 'esm', path: 'plugin.mjs' },
          probe: { type, path, timeoutMs },
        },
      ],
    });
    try {
      await using _ = await activateAt(writeChaos(folder, '', manifest));
      return 'activated';
    } catch (error) {
      assert.ok(isHostError(error, 'PLUGIN_FAILED'), String(error));
      return `${error.fields.verdict}: ${error.fields.reason}`;
    }
  }

  it('that is ready lets the plugin start', async () => {
    assert.equal(
      await outcomeOf('console.log(JSON.stringify({ ready: true }))', 'esm'),
      'activated',
    );
  });

  it('in a language of its own is run as well', async () => {
    const source = `#!/bin/sh\necho '{"ready": false, "verdict": "busy", "reason": "taken"}'\n`;
    assert.equal(await outcomeOf(source, 'exec'), 'busy: taken');
  });

  it('that crashes takes nothing with it, and is named', async () => {
    assert.match(
      await outcomeOf("process.kill(process.pid, 'SIGSEGV')", 'esm'),
      /^crashed: .*SIGSEGV/,
    );
  });

  it('that prints 100 MiB is cut', async () => {
    const source =
      "const x = 'x'.repeat(2 ** 20); for (let i = 0; i < 100; i++) process.stdout.write(x);";
    assert.match(await outcomeOf(source, 'esm'), /^probe-failed: .*more than anybody reads/);
  });

  it('that sleeps and ignores SIGTERM is killed when its time is over', async () => {
    const source = "process.on('SIGTERM', () => {}); setInterval(() => {}, 1000);";
    assert.match(await outcomeOf(source, 'esm', 500), /^probe-timeout: .*500 ms/);
  });

  it('whose grandchild keeps the pipe open is not waited for', async () => {
    const source = `#!/bin/sh\nsleep 600 &\necho '{"ready": true}'\n`;
    assert.equal(await outcomeOf(source, 'exec'), 'activated');
  });
});
