import type { Manifest, ResampleCapability, Target } from '@voxhost/sdk';

/** A capability block that claims little. */
export const nearestBlock: ResampleCapability = {
  op: 'resample',
  dims: [2, 3],
  pixelTypes: ['uint8', 'float32'],
  output: ['same'],
  interpolators: ['nearest'],
  boundaries: ['constant'],
  maps: ['affine'],
  samples: ['grid'],
  gradient: false,
  cost: { startMs: 1, prepareNsPerVoxel: 0, runMs: 0, nsPerSample: 1, copyGBs: 10 },
  numerics: { class: 'exact', deterministic: true, reference: 'reference@1' },
};

export const esmTarget: Target = { os: '*', cpu: '*', entry: { type: 'esm', path: 'plugin.mjs' } };

/** A valid, unsealed manifest, with some fields replaced. */
export const manifestOf = (changes: Partial<Manifest> = {}): Manifest => ({
  manifest: '1.0',
  id: 'org.example.fake',
  name: 'fake',
  version: '1.0.0',
  license: 'Apache-2.0',
  abi: { name: 'voxhost-backend', min: 1, max: 1 },
  engines: { host: '>=0.1 <1' },
  targets: [esmTarget],
  capabilities: [nearestBlock],
  ...changes,
});

export const bytesOf = (value: unknown): Uint8Array =>
  new TextEncoder().encode(typeof value === 'string' ? value : JSON.stringify(value, null, 2));
