import type { Manifest, Target } from '@voxhost/sdk';
import type { MachineFacts } from '#host/compatibility/machine-facts.js';
import { type BinaryParts, buildElf, buildMachO } from '../support/binary-builder.js';
import { machineOf } from '../support/machine.js';
import { BAD, COMPATIBLE, expectVerdict, sealOf, type Zoo } from './zoo.js';

const machine = machineOf();
const exported = { exports: ['napi_register_module_v1'] };
const addon = buildElf(exported);
const WRONG = 'preflight: wrong-platform';

/** An addon, which needs no library, with some of its target replaced. */
const native =
  (changes: Partial<Target>) =>
  (zoo: Zoo): void => {
    const napi = { type: 'node-addon', path: 'a.node', napi: 8 } as const;
    const target = {
      os: 'linux',
      cpu: 'x64',
      libc: 'glibc',
      entry: napi,
      files: [sealOf('a.node', addon)],
    } as const;
    zoo.plant(BAD, { files: { 'a.node': addon }, target: { ...target, ...changes } });
  };
const engines =
  (host: string) =>
  (zoo: Zoo): void =>
    void zoo.plant(BAD, { manifest: { engines: { host } } });
const abi =
  (min: number, max: number) =>
  (zoo: Zoo): void =>
    void zoo.plant(BAD, {
      manifest: { abi: { name: 'voxhost-backend', min, max } } as Partial<Manifest>,
    });
const napi = (version: number) =>
  native({ entry: { type: 'node-addon', path: 'a.node', napi: version } });

const host = { ...machine.host, version: '0.5.0' };
type Row = readonly [string, string, (zoo: Zoo) => void, Partial<MachineFacts>?];

// The good plugins of the zoo ask for a host from 0.1 to 1 and contract 1, so that the machines here keep to that.
const rows: readonly Row[] = [
  ['E33 *', 'schema: malformed', engines('*')],
  ['E33 >=1', 'schema: malformed', engines('>=1')],
  ['E33 empty', 'schema: malformed', engines('')],
  ['E33 inverted', 'schema: malformed', engines('>=2 <1')],
  ['E33 ^0.3 on 0.5.0', 'engine: incompatible-host', engines('^0.3'), { host }],
  ['E33 ^0.5 on 0.5.0', COMPATIBLE, engines('^0.5'), { host }],
  [
    'E33 a pre-release on the floor',
    COMPATIBLE,
    engines('>=0.5.0 <1'),
    { host: { ...host, version: '0.5.0-beta.1' } },
  ],
  [
    'E33 a pre-release on the ceiling',
    'engine: incompatible-host',
    engines('<0.5.0'),
    { host: { ...host, version: '0.5.0-beta.1' } },
  ],
  ['E34 min above max', 'schema: malformed', abi(2, 1)],
  ['E34 zero', 'schema: malformed', abi(0, 1)],
  ['E34 negative', 'schema: malformed', abi(-1, 1)],
  ['E34 2^31', 'schema: malformed', abi(1, 2 ** 31)],
  ['E34 newer than the host', 'engine: incompatible-abi', abi(2, 3)],
  ['E35 Node-API 8', COMPATIBLE, napi(8)],
  ['E35 as this Node.js', COMPATIBLE, napi(9)],
  ['E35 one more', 'napi: incompatible-node', napi(10)],
  ['E35 99', 'napi: incompatible-node', napi(99)],
  ['E35 experimental', 'napi: incompatible-node', napi(2147483647)],
  ['E35 none', 'schema: malformed', native({ entry: { type: 'node-addon', path: 'a.node' } })],
  ['E36 glibc wanted, musl here', 'target: wrong-platform', native({}), { libc: { kind: 'musl' } }],
  ['E36 glibc older than wanted', 'target: wrong-platform', native({ libcMin: '2.99' })],
  ['E36 an x64 process on an arm64 machine loads x64', COMPATIBLE, native({}), { cpu: 'x64' }],
  ['E36 an arm64 process', 'target: wrong-platform', native({}), { cpu: 'arm64' }],
  [
    'E37 no AVX2',
    'target: wrong-platform',
    native({ cpuFeatures: ['avx2'] }),
    { cpuFeatures: ['sse2'] },
  ],
  ['E37 with AVX2', COMPATIBLE, native({ cpuFeatures: ['avx2'] }), { cpuFeatures: ['avx2'] }],
];

/** A Mach-O addon, judged for macOS of this Darwin version. */
const mac = (builtFor: BinaryParts['builtFor'], osVersion: string) =>
  [
    (zoo: Zoo): void => {
      const addon = buildMachO({ ...exported, ...(builtFor && { builtFor }) });
      const entry = { type: 'node-addon', path: 'a.node', napi: 8 } as const;
      const target = { os: 'darwin', cpu: 'arm64', entry, files: [sealOf('a.node', addon)] };
      zoo.plant(BAD, { files: { 'a.node': addon }, target });
    },
    { os: 'darwin', cpu: 'arm64', osVersion, loader: { kind: 'mach-o' } } as const,
  ] as const;

const macs: readonly Row[] = [
  ['E36 macOS 14 wanted, macOS 14 here', COMPATIBLE, ...mac({ version: [14, 4] }, '23.1.0')],
  ['E36 macOS 14 wanted, macOS 13 here', WRONG, ...mac({ version: [14, 0] }, '22.6.0')],
  ['E36 macOS 26 wanted, macOS 15 here', WRONG, ...mac({ version: [26, 0] }, '24.6.0')],
  ['E36 macOS 26 wanted, macOS 26 here', COMPATIBLE, ...mac({ version: [26, 0] }, '25.0.0')],
  ['E36 macOS 10.15 wanted, 10.14 here', WRONG, ...mac({ version: [10, 15] }, '18.7.0')],
  ['E36 no macOS named', COMPATIBLE, ...mac(undefined, '18.7.0')],
  ['E36 built for iOS', WRONG, ...mac({ version: [12, 0], platform: 2 }, '23.1.0')],
];

describe('faults of platform', () => {
  for (const [name, verdict, plant, changes = {}] of [...rows, ...macs])
    it(`${name}: ${verdict}`, () =>
      expectVerdict(verdict, plant, { machine: { ...machine, ...changes } }));
});
