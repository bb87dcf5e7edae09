// Builds everything: TypeScript, WebAssembly kernels, then the bundles that ship. Fresh outputs are left alone.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { buildCuda } from './build-cuda.mjs';
import { bundleHost } from './bundle-host.mjs';
import { pruneOutputs } from './prune-outputs.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));

function run(command, args) {
  const { status } = spawnSync(process.execPath, [join(root, 'node_modules', command), ...args], {
    cwd: root,
    stdio: 'inherit',
  });
  if (status !== 0) process.exit(status ?? 1);
}

/** Of a file, or of all files of a folder. */
function newest(path) {
  if (!statSync(path).isDirectory()) return statSync(path).mtimeMs;
  let latest = 0;
  for (const entry of readdirSync(path, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    latest = Math.max(latest, statSync(join(entry.parentPath ?? entry.path, entry.name)).mtimeMs);
  }
  return latest;
}

function isFresh(target, sources) {
  return existsSync(target) && statSync(target).mtimeMs > Math.max(...sources.map(newest));
}

function compileAssembly(entry, target, options) {
  const source = join(root, entry);
  if (!existsSync(source) || isFresh(target, [dirname(source)])) return;
  mkdirSync(dirname(target), { recursive: true });
  const always = ['-O3', '--converge', '--noAssert', '--runtime', 'stub', '--enable', 'simd'];
  run('assemblyscript/bin/asc.js', [entry, '--outFile', target, ...always, ...options]);
}

function compileKernels() {
  const target = join(root, 'plugins/cpu/bundle/kernels.wasm');
  compileAssembly('plugins/cpu/assembly/index.ts', target, [
    '--importMemory',
    '--sharedMemory',
    '--initialMemory',
    '16',
    '--maximumMemory',
    '65536',
    '--memoryBase',
    '1024',
    '--enable',
    'threads',
  ]);
}

/** The host's one kernel is small, and part of its code: no file has to be found where a bundle or an executable runs. */
function compileReorder() {
  const folder = join(root, 'host/dist/lazy');
  const wasm = join(folder, 'reorder.wasm');
  const pages = ['--initialMemory', '9', '--maximumMemory', '9'];
  compileAssembly('host/assembly/reorder.ts', wasm, pages);
  const text = readFileSync(wasm).toString('base64');
  writeFileSync(join(folder, 'reorder-bytes.js'), `export const REORDER_BYTES = '${text}';\n`);
}

const shared = {
  bundle: true,
  platform: 'node',
  format: 'esm',
  target: 'node20',
  logLevel: 'warning',
};

async function bundlePlugins() {
  for (const name of readdirSync(join(root, 'plugins'))) {
    const entries = ['plugin', 'plugin-cuda', 'plugin-gpu', 'worker', 'probe', 'tool']
      .map((entry) => join(root, 'plugins', name, 'dist', `${entry}.js`))
      .filter(existsSync);
    if (entries.length === 0) continue;
    const outdir = join(root, 'plugins', name, 'bundle');
    await build({ ...shared, entryPoints: entries, outdir, external: ['node:*'] });
  }
}

async function bundleChild() {
  const entry = join(root, 'host/dist/loading/process/child/main.js');
  await build({
    ...shared,
    entryPoints: { child: entry },
    outdir: join(root, 'host/bundle'),
    minify: true,
  });
}

/** Every TypeScript project with its outputs. */
function pruneAll() {
  const plugins = readdirSync(join(root, 'plugins')).map((name) => join('plugins', name));
  for (const project of ['sdk', 'host', ...plugins])
    pruneOutputs(join(root, project, 'dist'), join(root, project, 'src'));
  pruneOutputs(join(root, '.build/test'), join(root, 'test'));
}

pruneAll();
run('typescript/bin/tsc', ['--build', ...(process.stdout.isTTY ? [] : ['--pretty', 'false'])]);
compileKernels();
buildCuda(root, isFresh);
compileReorder();
await bundlePlugins();
if (existsSync(join(root, 'host/dist/cli/main.js'))) await bundleHost(root);
await bundleChild();
