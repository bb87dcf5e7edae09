import { BOUNDARY_KINDS, INTERPOLATORS, MAP_SHAPES, PIXEL_TYPES } from '@voxhost/sdk';
import {
  axis,
  integer,
  list,
  optional,
  record,
  required,
  type Shape,
  text,
  word,
} from './shape.js';

/** Schema versions this host reads: `1.0` up to this minor; a newer minor is read with notes. */
export const SCHEMA = { major: 1, minor: 0 } as const;

/** Most bytes of a manifest. */
export const MANIFEST_BYTES = 256 * 1024;

const INT32 = 2 ** 31 - 1;

/** Semantic version 2.0.0, as its own regular expression has it (semver.org), with numbers that can be compared exactly. */
const SEMVER =
  '^(0|[1-9]\\d{0,14})\\.(0|[1-9]\\d{0,14})\\.(0|[1-9]\\d{0,14})(?:-((?:0|[1-9]\\d*|\\d*[a-zA-Z-][0-9a-zA-Z-]*)(?:\\.(?:0|[1-9]\\d*|\\d*[a-zA-Z-][0-9a-zA-Z-]*))*))?(?:\\+([0-9a-zA-Z-]+(?:\\.[0-9a-zA-Z-]+)*))?$';

/** One folder or file name that means the same on every system: no separators, drives, streams, control characters, no dot or space at the end. */
const SEGMENT = '[^\\\\/:*?"<>|\\u0000-\\u001f]*[^\\\\/:*?"<>|\\u0000-\\u001f .]';
const RELATIVE_PATH = `^${SEGMENT}(?:/${SEGMENT})*$`;
const ROOT_PATH = `^(?:\\.|\\.\\.(?:/\\.\\.)*(?:/${SEGMENT})*|${SEGMENT}(?:/${SEGMENT})*)$`;
const DOTTED_NUMBER = '^\\d{1,9}(?:\\.\\d{1,9}){0,3}$';
const IDENTITY = '^[a-z0-9](?:[a-z0-9-]|\\.(?!\\.)){1,78}[a-z0-9]$';

const identity = text(IDENTITY, 80);
const version = text(SEMVER, 128);
/** Parsed by `engine-range.ts`; short, so that no parser sees a bomb. */
const range = text(undefined, 128);
const path = text(RELATIVE_PATH, 512);
const token = text('^[A-Za-z0-9_.+@/-]{1,120}$', 120);
const variable = text('^[A-Za-z_][A-Za-z0-9_]{0,79}$', 80);
const dotted = text(DOTTED_NUMBER, 40);
const flag: Shape = { kind: 'boolean' };
const amount: Shape = { kind: 'number', min: 0 };

const cost = record({
  startMs: required(amount, 'milliseconds from nothing to ready'),
  prepareNsPerVoxel: required(amount, 'nanoseconds per source voxel and channel to prepare'),
  runMs: required(amount, 'milliseconds that every run costs'),
  nsPerSample: required(amount, 'nanoseconds per output sample and channel'),
  copyGBs: required(amount, '1e9 bytes per second to and from the backend'),
});

const numerics = record({
  class: required(word('exact', 'tolerance'), 'how results follow the reference'),
  maxRel: optional(
    amount,
    'largest difference, relative to the largest absolute value of source and fill',
  ),
  maxAbs: optional(amount, 'largest absolute difference'),
  maxUlp: optional(amount, 'largest difference in units of the last place of a float32'),
  deterministic: required(flag, 'same call, same bits'),
  reference: required(text('^[a-z0-9.-]+@[0-9]+$', 80), 'what it is compared with: "reference@1"'),
});

const shared = {
  dims: required(list(integer(2, 3), 1, 2), 'numbers of dimensions'),
  pixelTypes: required(axis(PIXEL_TYPES), 'pixel types of the images, or "*"'),
  maps: required(axis(MAP_SHAPES), 'kinds of index map, or "*"'),
  samples: required(axis(['grid', 'points']), 'blocks of the output grid, points, or "*"'),
  maxVoxels: optional(integer(1, Number.MAX_SAFE_INTEGER), 'largest image'),
  cost: required(cost, 'predicted cost, until calibrated'),
  numerics: required(numerics, 'how closely results follow the reference'),
};

const capability: Shape = {
  kind: 'variants',
  by: 'op',
  cases: {
    resample: record({
      op: required(word('resample'), 'the operation'),
      ...shared,
      output: required(
        axis(['same', ...PIXEL_TYPES]),
        'output pixel types, "same" is the source\'s',
      ),
      interpolators: required(axis(INTERPOLATORS), 'interpolators, or "*"'),
      boundaries: required(axis(BOUNDARY_KINDS), 'boundaries, or "*"'),
      gradient: required(flag, 'can it give the derivative of the interpolant?'),
    }),
    metric: record({
      op: required(word('metric'), 'the operation'),
      name: required(text('^[a-z0-9][a-z0-9-]{0,79}$', 80), 'name of the metric'),
      ...shared,
      derivative: required(flag, "can it give the derivative by the map's parameters?"),
    }),
  },
};

const requirements = record({
  wasm: optional(
    list(word('simd', 'threads'), 0, 8),
    'WebAssembly features, probed by tiny modules',
  ),
  devices: optional(
    list(
      record({
        class: required(token, 'kind of device: "cuda"'),
        min: required(integer(1, 1024), 'how many at least'),
        computeCapability: optional(range, 'range of the compute capability'),
        memoryMiB: optional(integer(1, INT32), 'memory that the device must have'),
      }),
    ),
    'devices, probed without loading anything',
  ),
  drivers: optional(
    list(
      record({
        name: required(token, 'driver: "nvidia"'),
        min: required(dotted, 'least version, dotted numbers compared as numbers'),
        compatMin: optional(dotted, 'least version with a limited feature set'),
        needs: optional(word('full', 'sass'), 'full: "min" holds; sass: "compatMin" is enough'),
      }),
    ),
    'drivers of the operating system',
  ),
  libraries: optional(
    list(
      record({
        name: required(token, 'name, which "context.runtime" takes'),
        kind: optional(word('npm', 'shared', 'file'), 'how it is found; default "shared"'),
        soname: optional(token, 'file name of a shared library'),
        version: optional(range, 'range of versions, "=" is exact'),
        build: optional(token, 'exact build tag'),
        source: required(
          word('bundled', 'system', 'user'),
          'below the root, on the loader path, or where the user has it',
        ),
        env: optional(variable, 'variable that names its folder'),
      }),
    ),
    'libraries that the plugin does not contain itself, or must find',
  ),
});

const target = record({
  os: required(text('^(?:\\*|[a-z0-9]{2,20})$', 20), 'process.platform, or "*"'),
  cpu: required(text('^(?:\\*|[a-z0-9_]{2,20})$', 20), 'process.arch, or "*"'),
  libc: optional(word('glibc', 'musl', '*'), 'C library; mandatory for native code on Linux'),
  libcMin: optional(dotted, 'least version of the C library'),
  osMin: optional(dotted, 'least version of the operating system (os.release())'),
  cpuFeatures: optional(list(token, 0, 64), 'instruction sets: "avx2"'),
  entry: required(
    record({
      type: required(word('node-addon', 'esm', 'exec', 'builtin'), 'how the plugin is started'),
      path: required(path, 'file that is loaded, below the root'),
      napi: optional(integer(1, INT32), 'Node-API version; mandatory for a node-addon'),
      symbol: optional(token, 'symbol that the file must define'),
      args: optional(list(text(), 0, 64), 'arguments of an exec entry'),
    }),
    'what is loaded',
  ),
  probe: optional(
    record({
      type: required(word('exec', 'esm'), 'how the probe is started'),
      path: required(path, 'file of the probe, below the root'),
      args: optional(list(text(), 0, 64), 'arguments'),
      timeoutMs: optional(integer(1, 600_000), 'milliseconds, default 5000'),
    }),
    'asks in a child process whether the plugin could work here',
  ),
  requires: optional(requirements, 'what this machine must have'),
  files: optional(
    list(
      record({
        path: required(path, 'below the root'),
        size: required(integer(0, Number.MAX_SAFE_INTEGER), 'bytes'),
        sha256: required(text('^[0-9a-f]{64}$', 64), '64 lower-case hex digits'),
      }),
      1,
      4096,
    ),
    'every file; its presence means that the manifest is sealed',
  ),
});

/** Every field of a manifest with its rule. The published schema and `manifests/README.md` follow from it. */
export const MANIFEST_SHAPE = record({
  $schema: optional(text(), 'URL of the JSON schema, for editors'),
  manifest: required(
    text('^(?:0|[1-9]\\d{0,3})\\.(?:0|[1-9]\\d{0,3})$', 9),
    'schema version "major.minor"',
  ),
  critical: optional(
    list(text(undefined, 128)),
    'fields that a host must understand to use the plugin',
  ),
  id: required(identity, 'reverse-DNS identity, equal to the file name before ".plugin.json"'),
  name: required(
    text('^[a-z0-9][a-z0-9-]{0,39}$', 40),
    "the backend's name, which --backend takes",
  ),
  root: optional(
    text(ROOT_PATH, 512),
    'folder that no other path leaves, relative to the manifest',
  ),
  version: required(version, 'semantic version 2.0.0'),
  displayName: optional(text(undefined, 120), 'name for people'),
  license: required(text('\\S', 200), 'SPDX expression'),
  publisher: optional(
    record({
      name: required(text(undefined, 120), 'who publishes it'),
      url: optional(text('^https://', 500), 'where'),
      key: optional(text('^ed25519:[A-Za-z0-9+/]{43}=$', 60), 'key of the signature'),
    }),
    'who made it',
  ),
  sdk: optional(version, 'version of the sdk it was built with; for messages only'),
  abi: required(
    record({
      name: required(word('voxhost-backend'), 'the contract'),
      min: required(integer(1, INT32), 'first contract version it speaks'),
      max: required(integer(1, INT32), 'last contract version it speaks'),
    }),
    'closed range of contract versions',
  ),
  engines: required(
    record({
      host: required(range, 'range of host versions, with an upper bound'),
      node: optional(range, 'range of Node.js versions'),
    }),
    'what it runs on',
  ),
  isolation: optional(
    record({
      supports: required(list(word('inline', 'process'), 1, 2), 'where it can run'),
      default: required(word('inline', 'process'), 'where it should run'),
      reentrant: optional(flag, 'may calls overlap? default false'),
      maxConcurrent: optional(integer(1, 1024), 'calls at once'),
    }),
    'where it runs; never grants trust',
  ),
  targets: required(list(target, 1), 'platforms; the first that passes is used'),
  capabilities: required(list(capability, 1), 'what it can do: the union of blocks'),
  permissions: optional(
    record({
      fs: optional(
        record({
          read: optional(list(text()), 'folders it reads'),
          write: optional(list(text()), 'folders it writes'),
        }),
        'file system',
      ),
      net: optional(flag, 'network'),
      childProcess: optional(flag, 'child processes'),
      gpu: optional(flag, 'devices'),
      env: optional(list(variable), 'environment variables'),
    }),
    'what it needs of the system; shown at install',
  ),
  dependsOn: optional(
    list(
      record({
        id: required(identity, 'id of the other plugin'),
        version: required(range, 'range of its versions'),
        optional: optional(flag, 'can it do without?'),
      }),
    ),
    'plugins it needs',
  ),
  conflicts: optional(
    list(
      record({
        id: required(identity, 'id of the other plugin'),
        version: optional(range, 'range of its versions; absent: every one'),
      }),
    ),
    'plugins that cannot be active in the same process',
  ),
});
