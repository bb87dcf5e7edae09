import { manifestOf } from '../support/manifest-builder.js';

type Steps = readonly (string | number)[];

/** A copy of a value with one place in it replaced; `undefined` removes it. */
export function withChange(value: unknown, steps: Steps, replacement: unknown): unknown {
  const copy = structuredClone(value) as Record<string | number, unknown>;
  let place = copy;
  for (const step of steps.slice(0, -1)) place = place[step] as Record<string | number, unknown>;
  const last = steps.at(-1) ?? '';
  if (replacement === undefined) delete place[last];
  else place[last] = replacement;
  return copy;
}

/** A manifest that uses every field. */
export const fullManifest = {
  ...manifestOf(),
  $schema: 'https://example.org/plugin-1.schema.json',
  critical: ['requires.drivers'],
  root: '.',
  displayName: 'Fake',
  publisher: {
    name: 'Example',
    url: 'https://example.org',
    key: `ed25519:${'A'.repeat(43)}=`,
  },
  sdk: '0.1.0',
  engines: { host: '^0.1.0', node: '>=20.11' },
  isolation: { supports: ['process'], default: 'process', reentrant: false, maxConcurrent: 1 },
  targets: [
    {
      os: 'linux',
      cpu: 'x64',
      libc: 'glibc',
      libcMin: '2.28',
      osMin: '4.0',
      cpuFeatures: ['avx2'],
      entry: {
        type: 'node-addon',
        path: 'linux-x64/backend.node',
        napi: 8,
        symbol: 'napi_register_module_v1',
        args: ['a'],
      },
      probe: { type: 'exec', path: 'linux-x64/probe', args: ['--json'], timeoutMs: 5000 },
      requires: {
        wasm: ['simd'],
        devices: [{ class: 'cuda', min: 1, computeCapability: '>=7.0', memoryMiB: 2048 }],
        drivers: [{ name: 'nvidia', min: '570.26', compatMin: '525.60.13', needs: 'full' }],
        libraries: [
          {
            name: 'libtorch',
            kind: 'shared',
            soname: 'libtorch.so',
            version: '=2.6.0',
            build: 'cu128-cxx11abi',
            source: 'user',
            env: 'LIBTORCH_HOME',
          },
        ],
      },
      files: [
        { path: 'linux-x64/backend.node', size: 10, sha256: 'a'.repeat(64) },
        { path: 'linux-x64/probe', size: 0, sha256: '0'.repeat(64) },
      ],
    },
  ],
  capabilities: [
    { ...manifestOf().capabilities[0], maxVoxels: 10 },
    {
      op: 'metric',
      name: 'impact',
      dims: [3],
      pixelTypes: '*',
      maps: ['affine'],
      samples: '*',
      derivative: true,
      cost: { startMs: 1, prepareNsPerVoxel: 0, runMs: 0, nsPerSample: 1.5, copyGBs: 10 },
      numerics: {
        class: 'tolerance',
        maxRel: 1e-3,
        maxAbs: 1e-3,
        maxUlp: 4,
        deterministic: false,
        reference: 'reference@1',
      },
    },
  ],
  permissions: {
    fs: { read: ['$pluginDir'], write: [] },
    net: false,
    childProcess: false,
    gpu: true,
    env: ['CUDA_VISIBLE_DEVICES'],
  },
  dependsOn: [{ id: 'org.example.other', version: '^2', optional: true }],
  conflicts: [{ id: 'org.example.enemy', version: '*' }],
  'x-vendor': { anything: [true] },
};

/** One change of `fullManifest`. */
export interface Mutation {
  readonly name: string;
  readonly value: unknown;
  /** Only rules between fields refuse it, which a JSON schema does not state. */
  readonly byRule?: boolean;
}

const WRONG_TYPES: readonly unknown[] = [1, 'text', null, [], {}, true];

/** Every place of a value but lists' and x- fields' insides, by its steps. */
export function placesOf(value: unknown, steps: Steps = []): readonly Steps[] {
  if (typeof value !== 'object' || value === null) return [steps];
  const below = Object.entries(value)
    .filter(([name]) => !name.startsWith('x-'))
    .flatMap(([name, inner]) =>
      placesOf(inner, [...steps, Array.isArray(value) ? Number(name) : name]),
    );
  return steps.length === 0 ? below : [steps, ...below];
}

const sameType = (a: unknown, b: unknown): boolean =>
  typeof a === typeof b && Array.isArray(a) === Array.isArray(b) && (a === null) === (b === null);

const at = (value: unknown, steps: Steps): unknown =>
  steps.reduce<unknown>((held, step) => (held as Record<string | number, unknown>)[step], value);

/** Every place with every other type of value, and every field removed or joined by an unknown one. */
export function typeMutations(): readonly Mutation[] {
  return placesOf(fullManifest).flatMap((steps) => {
    const held = at(fullManifest, steps);
    const name = steps.join('.');
    const others = WRONG_TYPES.filter((other) => !sameType(other, held)).map((other) => ({
      name: `${name} = ${JSON.stringify(other)}`,
      value: withChange(fullManifest, steps, other),
    }));
    if (typeof steps.at(-1) === 'number') return others;
    const removed = { name: `${name} removed`, value: withChange(fullManifest, steps, undefined) };
    const isObject = typeof held === 'object' && held !== null && !Array.isArray(held);
    const joined = isObject
      ? [{ name: `${name}.colour`, value: withChange(fullManifest, [...steps, 'colour'], 1) }]
      : [];
    return [...others, removed, ...joined];
  });
}
