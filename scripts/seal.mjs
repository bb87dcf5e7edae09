// npm's prepack of a plugin's package: its sealed manifest lies beside its files for as long as it is packed, so that
// a project that depends on the package finds the plugin. `--undo` is the postpack.
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { packPlugin } from '../host/dist/packing/pack-plugin.js';

const { voxhost } = JSON.parse(readFileSync('package.json', 'utf8'));
const name = basename(voxhost.manifest);
const sealed = join(process.cwd(), name);
if (process.argv.includes('--undo')) {
  rmSync(sealed, { force: true });
} else {
  const { files } = await packPlugin(
    join(fileURLToPath(new URL('../manifests', import.meta.url)), name),
  );
  writeFileSync(sealed, files[0].bytes);
}
