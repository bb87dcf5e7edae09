// Checks the CUDA plugin on a real device: `scripts/gpu-check [OPTIONS]` on this machine, or
// `scripts/gpu-check --pack FILE.tar.gz [--golden DIR] [--level 1-9]`: an archive with a Node.js of its own, to be unpacked and run
// (`./run [OPTIONS]`) on a machine that has nothing but a driver. Options of a run: see test/gpu/main.ts.
import { spawnSync } from 'node:child_process';
import { chmodSync, cpSync, existsSync, mkdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { build } from 'esbuild';

const root = fileURLToPath(new URL('..', import.meta.url));
const stage = join(root, '.build/gpu-check');

/** What must travel, by the issue; the archive is refused above it. */
const MOST_BYTES = 60e6;

const RUN = `#!/bin/sh
here=$(CDPATH= cd -- "$(dirname -- "$0")" && pwd)
LD_LIBRARY_PATH="\${LD_LIBRARY_PATH:+$LD_LIBRARY_PATH:}$here/lib" exec "$here/node" "$here/check.mjs" "$@"
`;

function must(command, args, options = {}) {
  const { status, error } = spawnSync(command, args, { stdio: 'inherit', ...options });
  if (error !== undefined) throw error;
  if (status !== 0) process.exit(status ?? 1);
}

async function stageCheck(golden) {
  if (!existsSync(join(root, '.build/test/gpu/main.js'))) await import('./build.mjs');
  rmSync(stage, { recursive: true, force: true });
  mkdirSync(stage, { recursive: true });
  const shared = { bundle: true, platform: 'node', format: 'esm', target: 'node20' };
  await build({
    ...shared,
    entryPoints: [join(root, '.build/test/gpu/main.js')],
    outfile: join(stage, 'check.mjs'),
    banner: { js: 'const require = (name) => process.getBuiltinModule(name);' },
    external: ['@itk-wasm/*', 'onnxruntime-node'],
    logLevel: 'error',
  });
  cpSync(join(root, 'host/bundle/child.js'), join(stage, 'child.js'));
  cpSync(join(root, 'test/gpu/grid-sample.py'), join(stage, 'grid-sample.py'));
  const { packPlugin } = await import('../host/dist/packing/pack-plugin.js');
  const { files } = await packPlugin(join(root, 'manifests/org.voxhost.cuda.plugin.json'));
  for (const { path, bytes } of files) {
    const file = join(stage, 'plugin', path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, bytes);
  }
  if (golden !== undefined) cpSync(golden, join(stage, 'golden'), { recursive: true });
}

/** The libraries that a node program needs besides the C library's own. */
const LIBRARIES = ['libstdc++.so.6', 'libgcc_s.so.1'];

function packNode() {
  must('strip', ['-o', join(stage, 'node'), process.execPath]);
  chmodSync(join(stage, 'node'), 0o755);
  const { stdout } = spawnSync('ldd', [process.execPath], { encoding: 'utf8' });
  mkdirSync(join(stage, 'lib'));
  for (const name of LIBRARIES) {
    const path = stdout
      .split('\n')
      .find((line) => line.includes(name))
      ?.split(' => ')[1];
    if (path !== undefined)
      cpSync(path.split(' ')[0], join(stage, 'lib', name), { dereference: true });
  }
  writeFileSync(join(stage, 'run'), RUN, { mode: 0o755 });
}

const { values } = parseArgs({
  options: {
    pack: { type: 'string' },
    golden: { type: 'string' },
    level: { type: 'string', default: '9' },
  },
  strict: false,
});
const golden = typeof values.golden === 'string' ? resolve(values.golden) : undefined;
await stageCheck(golden);
if (typeof values.pack === 'string') {
  const target = resolve(values.pack);
  packNode();
  must('tar', ['-I', `gzip -${values.level}`, '-cf', target, '-C', stage, '.']);
  const { size } = statSync(target);
  console.log(`${target}: ${(size / 1e6).toFixed(1)} MB`);
  if (size > MOST_BYTES) process.exitCode = 1;
} else {
  must(process.execPath, [join(stage, 'check.mjs'), ...process.argv.slice(2)]);
}
