import { copyFileSync, existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { packPlugin } from '#host/packing/pack-plugin.js';
import { compiledPtx, type FakeSettings, fakeDriver, openFakeDriver } from './fake-driver.js';
import { type TemporaryFolder, temporaryFolder } from './temporary-folder.js';

const BUNDLE = fileURLToPath(new URL('../../../plugins/cuda/bundle', import.meta.url));
const MANIFEST = fileURLToPath(
  new URL('../../../manifests/org.voxhost.cuda.plugin.json', import.meta.url),
);

/** The cuda plugin as it is shipped, sealed, in a folder of its own. */
export interface CudaFolder extends Disposable {
  /** Folder of the plugin: what a search path names. */
  readonly path: string;
  /** Variables by which a host and the plugin's process find the fake driver, told these settings and of this version. */
  driver(settings?: FakeSettings, version?: string): { readonly VOXHOST_CUDA_DRIVER: string };
}

/** Packs it; where nvcc is not, with the kernels' names and parameters alone in place of their PTX. */
export async function cudaFolder(): Promise<CudaFolder> {
  const folder = temporaryFolder();
  for (const name of readdirSync(BUNDLE)) {
    folder.write(`built/bundle/${name}`, readFileSync(join(BUNDLE, name)));
  }
  if (!existsSync(join(BUNDLE, 'kernels.ptx'))) {
    folder.write('built/bundle/kernels.ptx', compiledPtx() ?? openFakeDriver().skeleton());
  }
  const manifest = JSON.parse(readFileSync(MANIFEST, 'utf8'));
  const text = JSON.stringify({ ...manifest, root: '.' });
  const { files } = await packPlugin(folder.write(`built/${basename(MANIFEST)}`, text));
  for (const { path, bytes } of files) folder.write(`plugin/${path}`, bytes);
  return {
    path: join(folder.path, 'plugin'),
    driver: (settings = {}, version = '580.65.06') => ({
      VOXHOST_CUDA_DRIVER: placeDriver(folder, settings, version),
    }),
    [Symbol.dispose]: () => folder[Symbol.dispose](),
  };
}

/** A copy of the fake driver with a file of settings beside it, which a process with few variables reads. */
function placeDriver(folder: TemporaryFolder, settings: FakeSettings, version: string): string {
  const below = [version, ...Object.entries(settings).flat()].join('-');
  const lines = Object.entries(settings).map(([key, value]) => `${key}=${value}\n`);
  const file = folder.write(`${below}/settings`, lines.join(''));
  const library = join(file, `../libcuda.so.${version}`);
  copyFileSync(fakeDriver(), library);
  return library;
}
