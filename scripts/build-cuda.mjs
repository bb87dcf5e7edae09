// PTX of the CUDA plugin's kernels, and the native module through which it calls the driver.
import { spawnSync } from 'node:child_process';
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { devNull } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** For every platform that npm installed koffi for. */
export function buildCuda(root, isFresh) {
  const bundle = join(root, 'plugins/cuda/bundle');
  mkdirSync(bundle, { recursive: true });
  compilePtx(join(root, 'plugins/cuda/kernels'), join(bundle, 'kernels.ptx'), isFresh);
  const modules = join(root, 'node_modules/@koromix');
  for (const name of existsSync(modules) ? readdirSync(modules) : []) {
    const [, platform, cpu] = /^koffi-(linux|win32)-(x64|arm64)$/.exec(name) ?? [];
    if (platform === undefined) continue;
    const source = join(modules, name, `${platform}_${cpu}`, 'koffi.node');
    copyFileSync(source, join(bundle, `koffi-${platform}-${cpu}.node`));
    copyFileSync(join(root, 'node_modules/koffi/LICENSE.txt'), join(bundle, 'koffi-LICENSE.txt'));
  }
}

/** The oldest version that ptxas takes decides the oldest driver that loads it. */
const PTX_VERSIONS = ['6.3', '6.4', '6.5', '7.0'];

/**
 * Products and sums are not fused. Where nvcc may fuse them it leaves `mul` and `add` without a rounding modifier, which
 * the driver's compiler may fuse in turn (PTX ISA, Floating Point Instructions: add, mul): their bits would be
 * another's on every driver, and not those of the same sources in C++.
 */
const FLAGS = ['-O3', '-ptx', '-arch=compute_75', '-fmad=false'];

function compilePtx(kernels, target, isFresh) {
  if (isFresh(target, [kernels, fileURLToPath(import.meta.url)])) return;
  rmSync(target, { force: true });
  const compiled = `${target}.new`;
  const args = [...FLAGS, '-o', compiled, join(kernels, 'kernels.cu')];
  const { status, error } = spawnSync('nvcc', args, { stdio: 'inherit' });
  if (error !== undefined) {
    console.log('nvcc is not here: the CUDA plugin is built without its kernels, and says so');
    return;
  }
  if (status !== 0) process.exit(status ?? 1);
  // A hint to tools, which newer drivers alone would understand.
  const text = readFileSync(compiled, 'utf8').replace(/^.*used_bytes_mask.*\n/gm, '');
  const accepted = PTX_VERSIONS.find((version) => {
    writeFileSync(compiled, text.replace(/^\.version .*$/m, `.version ${version}`));
    return spawnSync('ptxas', ['-arch=sm_75', '-o', devNull, compiled]).status === 0;
  });
  if (accepted === undefined) {
    console.error(`ptxas takes the CUDA kernels as none of PTX ${PTX_VERSIONS.join(', ')}`);
    process.exit(1);
  }
  renameSync(compiled, target);
}
