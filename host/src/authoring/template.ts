import { ABI, type Manifest, type ResampleCapability } from '@voxhost/sdk';
import { VERSION } from '../version.js';
import { PLUGIN_TEMPLATE } from './template-plugin.js';

/** A text file of a new plugin, by its path below the plugin's folder. */
export interface TemplateFile {
  readonly path: string;
  readonly text: string;
}

/** What the program of the template can do: the least that is of use. */
const CAPABILITY: ResampleCapability = {
  op: 'resample',
  dims: [3],
  pixelTypes: ['float32'],
  output: ['same'],
  interpolators: ['nearest'],
  boundaries: ['nearest'],
  maps: ['affine'],
  samples: ['grid'],
  gradient: false,
  cost: { startMs: 1, prepareNsPerVoxel: 0, runMs: 0.1, nsPerSample: 20, copyGBs: 5 },
  numerics: { class: 'exact', deterministic: true, reference: 'reference@1' },
};

/** The files of a new plugin, which passes `voxhost plugin test` as it is. */
export function pluginTemplate(id: string, name: string): readonly TemplateFile[] {
  const manifest: Manifest = {
    manifest: '1.0',
    id,
    name,
    version: '0.1.0',
    displayName: name,
    license: 'Apache-2.0',
    abi: { name: 'voxhost-backend', min: ABI, max: ABI },
    engines: { host: `>=${VERSION} <1`, node: '>=20.19' },
    isolation: { supports: ['inline', 'process'], default: 'inline' },
    targets: [{ os: '*', cpu: '*', libc: '*', entry: { type: 'esm', path: 'plugin.js' } }],
    capabilities: [CAPABILITY],
    permissions: { fs: { read: ['$pluginDir'] } },
  };
  const program = PLUGIN_TEMPLATE.replace('@ID@', id)
    .replace('@NAME@', name)
    .replace('@CAPABILITIES@', JSON.stringify(manifest.capabilities, null, 2));
  return [
    { path: `${id}.plugin.json`, text: `${JSON.stringify(manifest, null, 2)}\n` },
    { path: 'plugin.js', text: program },
    { path: 'package.json', text: `${JSON.stringify(packageOf(id), null, 2)}\n` },
    { path: 'README.md', text: readme(id, name) },
  ];
}

/** `files` is what `voxhost plugin pack` packs. */
const packageOf = (id: string) => ({
  name: id,
  version: '0.1.0',
  private: true,
  type: 'module',
  files: ['plugin.js', `${id}.plugin.json`],
  voxhost: { manifest: `${id}.plugin.json` },
});

const readme = (id: string, name: string): string => `# ${name}

A backend for voxhost. \`${id}.plugin.json\` says what it can do, \`plugin.js\` does it.

    voxhost plugin validate .      # is the manifest right, and would it work here
    voxhost plugin test .          # the conformance kit: every rule on every claim
    voxhost resample in.nii out.nii --spacing 2 --interpolator nearest --plugin-path . --backend ${name}
    voxhost plugin pack .          # one file to install elsewhere: voxhost plugins install FILE, or npm install FILE
`;
