import assert from 'node:assert/strict';
import { readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Manifest } from '@voxhost/sdk';
import { isHostError } from '#host/errors.js';
import { compileAddon, whyNoCompiler } from '../support/compile-addon.js';
import { whyNoPython, writePython } from '../support/exec-plugin.js';
import { activateAt, processManifest, writeChaos } from '../support/process-plugin.js';
import { skipBecause } from '../support/skip-because.js';
import { runOnce, smallImage, smallResample } from '../support/small-calls.js';
import { type TemporaryFolder, temporaryFolder } from '../support/temporary-folder.js';

/** An addon whose exports are what this JavaScript gives when it is called with the function `native`. */
const addon = (native: string, script: string, extra = ''): string => `
#include <node_api.h>
#include <stdlib.h>
${extra}
static napi_value native(napi_env env, napi_callback_info info) { ${native} return NULL; }
NAPI_MODULE_INIT() {
  napi_value source, made, function, global, result;
  napi_create_string_utf8(env, ${JSON.stringify(script)}, NAPI_AUTO_LENGTH, &source);
  napi_run_script(env, source, &made);
  napi_create_function(env, "native", NAPI_AUTO_LENGTH, native, NULL, &function);
  napi_get_global(env, &global);
  napi_call_function(env, global, made, 1, &function, &result);
  return result;
}
`;

/** A whole plugin in the addon: answers the source, and calls \`native\` in its third run. */
const plugin = ({ id, version, name, capabilities }: Manifest): string => `(native) => {
  let runs = 0;
  const prepared = ({ source }) => ({
    run: async (map, { into }) => { if (++runs === 3) native(); into.set(source.data); return { data: into }; },
    [Symbol.asyncDispose]: async () => {},
  });
  const backend = {
    name: ${JSON.stringify(name)}, capabilities: ${JSON.stringify(capabilities)},
    supports: () => ({ ok: true, memory: { prepare: 0, run: 0 } }),
    prepare: async (operation) => prepared(operation),
    [Symbol.asyncDispose]: async () => {},
  };
  return { id: ${JSON.stringify(id)}, version: ${JSON.stringify(version)}, abi: { min: 1, max: 1 }, activate: async () => backend };
}`;

const addonManifest = (): Manifest =>
  processManifest({
    targets: [
      {
        os: process.platform,
        cpu: process.arch,
        ...(process.platform === 'linux' ? { libc: '*' as const } : {}),
        entry: { type: 'node-addon', path: 'backend.node', napi: 8 },
      },
    ],
  });

function writeAddon(folder: TemporaryFolder, source: string): string {
  const manifest = addonManifest();
  compileAddon(folder, 'backend', source);
  return folder.write(`${manifest.id}.plugin.json`, JSON.stringify(manifest));
}

async function failureOf(path: string): Promise<string> {
  try {
    await using _ = await activateAt(path);
  } catch (error) {
    assert.ok(isHostError(error, 'PLUGIN_FAILED'), String(error));
    return `${error.fields.verdict}: ${error.fields.reason}`;
  }
  return 'activated';
}

/** Through a pointer that the compiler cannot see through: it leaves out what it knows to be undefined. */
const SEGFAULT = 'volatile int *volatile nowhere = 0; *nowhere = 1;';

describe('native faults in a process', () => {
  before(function () {
    const why = whyNoCompiler();
    if (why !== undefined) skipBecause(this, why);
  });

  it('an addon serves, segfaults in its third run, and serves again', async () => {
    using folder = temporaryFolder();
    const path = writeAddon(folder, addon(SEGFAULT, plugin(addonManifest())));
    await using isolated = await activateAt(path);
    const prepared = await isolated.backend.prepare(smallResample());
    for (const _ of [1, 2])
      assert.deepEqual([...(await runOnce(prepared)).data], [...smallImage().data]);
    await assert.rejects(runOnce(prepared), /crashed: it was ended by SIGSEGV during run/);
    await using again = await isolated.backend.prepare(smallResample());
    assert.deepEqual([...(await runOnce(again)).data], [...smallImage().data]);
  });

  const loads: readonly (readonly [string, string, RegExp])[] = [
    [
      'segfaults in its constructor',
      `__attribute__((constructor)) static void early(void) { ${SEGFAULT} }`,
      /^crashed: it was ended by SIGSEGV during the hello/,
    ],
    [
      'ends the process in its constructor',
      '__attribute__((constructor)) static void early(void) { _Exit(0); }',
      /^crashed: it ended with exit code 0 during the hello/,
    ],
    [
      'aborts in its constructor',
      '__attribute__((constructor)) static void early(void) { abort(); }',
      /^crashed: it was ended by SIGABRT/,
    ],
    [
      'needs a function that nobody has',
      'extern int nobody_has_this(void); int use(void) { return nobody_has_this(); }',
      /^load-failed: .*nobody_has_this/,
    ],
    ['is built for a Node-API of the future', '', /^(crashed|load-failed)/],
  ];
  for (const [name, extra, expected] of loads) {
    it(`an addon that ${name}`, async () => {
      using folder = temporaryFolder();
      const source = addon('', plugin(addonManifest()), extra);
      const isFuture = name.includes('future');
      const path = writeAddon(folder, isFuture ? `#define NAPI_VERSION 9999\n${source}` : source);
      assert.match(await failureOf(path), expected);
    });
  }

  it('an addon that is no addon, and one cut short', async () => {
    using folder = temporaryFolder();
    const path = writeAddon(folder, addon('', plugin(addonManifest())));
    const file = join(folder.path, 'backend.node');
    const whole = readFileSync(file);
    truncateSync(file, 4000);
    assert.match(await failureOf(path), /^(corrupt|crashed|load-failed)/);
    writeFileSync(file, '<html>not found</html>');
    assert.match(await failureOf(path), /^(corrupt|load-failed)/);
    writeFileSync(file, whole);
    assert.equal(await failureOf(path), 'activated');
  });
});

describe('when the host is killed', () => {
  it('no child of it stays, not even in an endless loop of native code', async () => {
    const { killedHost } = await import('../support/killed-host.js');
    using folder = temporaryFolder();
    const why = whyNoCompiler();
    const path =
      why === undefined
        ? writeAddon(folder, addon('for (volatile int i = 0;; i++);', plugin(addonManifest())))
        : writeChaos(folder, 'run:3=spin');
    assert.deepEqual(await killedHost(path), []);
  });

  it('nor a program in another language that never reads its input again', async function () {
    const why = whyNoPython();
    if (why !== undefined) return skipBecause(this, why);
    const { killedHost } = await import('../support/killed-host.js');
    using folder = temporaryFolder();
    const path = writePython(folder);
    const program = join(folder.path, 'nearest.py');
    const source = readFileSync(program, 'utf8');
    const queued = '                messages.put((*begun.pop(id), id))\n';
    const deaf = source.replace(queued, `${queued}                while True: pass\n`);
    assert.notEqual(deaf, source);
    writeFileSync(program, deaf);
    assert.deepEqual(await killedHost(path, 'hello'), []);
  });
});
