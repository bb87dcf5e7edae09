// The single executable: this Node.js, the host, and the bundled plugins as sealed assets, in one file.
// node scripts/package.mjs [FOLDER]: default dist/
import { spawnSync } from 'node:child_process';
import { chmod, cp, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { packPlugin } from '../host/dist/packing/pack-plugin.js';

// Published in Node's documentation of single executable applications.
const FUSE = 'NODE_SEA_FUSE_fce680ab2cc467b6e072b8b5df1996b2';

/** Plugins that the executable carries, by the id of their manifest. */
const EMBEDDED = ['org.voxhost.cpu'];

const root = fileURLToPath(new URL('..', import.meta.url));
const postject = join(root, 'node_modules/postject/dist/cli.js');

/** Writes the files of a sealed plugin to the stage; gives them by asset key. */
async function packAssets(id, stage) {
  const { files } = await packPlugin(join(root, 'manifests', `${id}.plugin.json`));
  const assets = {};
  for (const { path, bytes } of files) {
    const key = `${id}/${path}`;
    assets[key] = join(stage, key.replaceAll('/', '_'));
    await writeFile(assets[key], bytes);
  }
  return assets;
}

async function bundleHost(outfile) {
  await build({
    entryPoints: [join(root, 'host/dist/cli/executable.js')],
    outfile,
    bundle: true,
    minify: true,
    platform: 'node',
    format: 'cjs',
    target: 'node20',
    logLevel: 'error',
    // A single executable has no file of its own to be relative to: nothing may depend on this address.
    define: { 'import.meta.url': 'undefined' },
  });
}

/** Runs a Node.js program; what it prints is of interest only when it fails. */
function runNode(...argv) {
  const { status, stdout, stderr } = spawnSync(process.execPath, argv, { encoding: 'utf8' });
  if (status !== 0) throw new Error(`node ${argv.join(' ')}\n${stdout}${stderr}`);
}

async function prepareBlob(stage) {
  const main = join(stage, 'main.cjs');
  await bundleHost(main);
  const assets = {};
  for (const id of EMBEDDED) Object.assign(assets, await packAssets(id, stage));
  const index = join(stage, 'index.json');
  await writeFile(index, JSON.stringify(Object.keys(assets)));
  const child = join(root, 'host/bundle/child.js');
  const output = join(stage, 'app.blob');
  const config = join(stage, 'sea.json');
  // With a code cache, import() of a plugin fails on Node 20.
  const settings = { disableExperimentalSEAWarning: true, useCodeCache: false, useSnapshot: false };
  await writeFile(
    config,
    JSON.stringify({ main, output, assets: { ...assets, index, 'child.js': child }, ...settings }),
  );
  runNode('--experimental-sea-config', config);
  return output;
}

async function main(folder) {
  const { version } = JSON.parse(await readFile(join(root, 'host/package.json'), 'utf8'));
  const suffix = process.platform === 'win32' ? '.exe' : '';
  const target = join(folder, `voxhost-${version}-${process.platform}-${process.arch}${suffix}`);
  const stage = await mkdtemp(join(tmpdir(), 'voxhost-package-'));
  try {
    const blob = await prepareBlob(stage);
    const copy = join(stage, 'node');
    await cp(process.execPath, copy);
    await chmod(copy, 0o755);
    const macho = process.platform === 'darwin' ? ['--macho-segment-name', 'NODE_SEA'] : [];
    runNode(postject, copy, 'NODE_SEA_BLOB', blob, '--sentinel-fuse', FUSE, ...macho);
    await mkdir(folder, { recursive: true });
    for (const name of await readdir(folder)) {
      if (name.startsWith('voxhost-')) await rm(join(folder, name));
    }
    await cp(copy, target);
  } finally {
    await rm(stage, { recursive: true, force: true });
  }
  process.stdout.write(`${relative(process.cwd(), target)}\n`);
}

await main(resolve(process.argv[2] ?? join(root, 'dist')));
