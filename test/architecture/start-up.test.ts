import assert from 'node:assert/strict';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { type Ended, runVoxhost } from '../support/run-voxhost.js';
import { scratchFolder } from '../support/scratch.js';
import { skipBecause } from '../support/skip-because.js';

/** What a command line loaded: every script by its address, and the process's memory map as it ended. */
interface Loaded extends Ended {
  readonly scripts: readonly string[];
  readonly maps: readonly string[];
}

/** V8 reserves 8 GiB of addresses for a WebAssembly memory, and nothing else in Node.js comes near. */
const WASM_RESERVATION = 2 ** 32;

async function loadedBy(argv: readonly string[]): Promise<Loaded> {
  await using folder = await scratchFolder();
  const maps = join(folder.path, 'maps');
  const hook = join(folder.path, 'hook.mjs');
  await writeFile(
    hook,
    `import { readFileSync, writeFileSync } from 'node:fs';
     process.on('exit', () => writeFileSync(${JSON.stringify(maps)}, readFileSync('/proc/self/maps')));
     if (process.env.TEST_WASM) globalThis.kept = new WebAssembly.Memory({ initial: 1 });`,
  );
  const coverage = join(folder.path, 'coverage');
  const ended = await runVoxhost(argv, folder.path, {
    env: {
      NODE_V8_COVERAGE: coverage,
      NODE_OPTIONS: `--import ${pathToFileURL(hook)}`,
      TEST_WASM: argv.includes('--help') ? '1' : '',
    },
  });
  const reports = await Promise.all(
    (await readdir(coverage)).map(async (name) =>
      JSON.parse(await readFile(join(coverage, name), 'utf8')),
    ),
  );
  const scripts = reports.flatMap(({ result }) => result.map(({ url }: { url: string }) => url));
  return { ...ended, scripts, maps: (await readFile(maps, 'utf8')).split('\n') };
}

const reserved = (line: string): number => {
  const [from, to] = line.split(' ', 1)[0].split('-');
  return line === '' ? 0 : Number(BigInt(`0x${to}`) - BigInt(`0x${from}`));
};

const holdsWasm = ({ maps }: Loaded): boolean =>
  maps.some((line) => reserved(line) >= WASM_RESERVATION);
const nativeAddons = ({ maps }: Loaded): readonly string[] =>
  maps.filter((line) => line.endsWith('.node'));
const scriptsIn = ({ scripts }: Loaded, part: RegExp): readonly string[] =>
  scripts.filter((url) => part.test(url));

describe('start-up', () => {
  before(function () {
    if (process.platform !== 'linux') skipBecause(this, 'memory maps are read from /proc');
  });

  for (const argv of [
    ['--version'],
    ['plugins', 'list'],
    ['plugins', 'info', 'cpu'],
    ['plugins', 'paths'],
  ]) {
    it(`voxhost ${argv.join(' ')} loads no plugin, no WebAssembly, no image library`, async () => {
      const loaded = await loadedBy(argv);
      assert.equal(loaded.exitCode, 0, loaded.err);
      assert.ok(scriptsIn(loaded, /host\/dist\/cli\/main\.js$/).length === 1, 'the graph was seen');
      assert.deepEqual(scriptsIn(loaded, /\/plugins\/[^/]+\/(dist|bundle)\//), []);
      assert.deepEqual(
        scriptsIn(loaded, /host\/dist\/(io|lazy|transforms|pipelines|geometry)\/|itk-wasm/),
        [],
      );
      assert.deepEqual(scriptsIn(loaded, /^data:|^wasm:|\.wasm$/), []);
      assert.deepEqual(nativeAddons(loaded), []);
      assert.equal(holdsWasm(loaded), false);
    });
  }

  it('neither makes a host: no container, no routing', async () => {
    for (const argv of [['--version'], ['plugins', 'list']]) {
      const loaded = await loadedBy(argv);
      const hosting = /tsyringe|reflect-metadata|host\/dist\/(index|routing|loading)/;
      assert.deepEqual(scriptsIn(loaded, hosting), []);
    }
  });

  it('what it looks for is seen where it is: the control', async () => {
    const loaded = await loadedBy(['resample', '--help']);
    assert.equal(loaded.exitCode, 0, loaded.err);
    assert.notDeepEqual(scriptsIn(loaded, /host\/dist\/io\//), []);
    assert.equal(holdsWasm(loaded), true, 'a WebAssembly memory made on purpose');
  });
});
