import { readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Target } from '@voxhost/sdk';
import { readMachineFacts } from '#host/compatibility/read-machine-facts.js';
import { buildElf, buildFat, buildMachO, buildPe } from '../support/binary-builder.js';
import { BAD, COMPATIBLE, type FileFault, sealOf, type Zoo } from './zoo.js';

const { arch } = process;
const libc = readMachineFacts().libc?.kind ?? 'glibc';
const cpu = arch === 'arm64' ? 'arm64' : 'x64';
const exported = { exports: ['napi_register_module_v1'], cpu } as const;
const entry = { type: 'node-addon', path: 'a.node', napi: 8 } as const;

/** An addon with exactly these bytes. */
export const addon =
  (bytes: Uint8Array, more: Readonly<Record<string, Uint8Array>> = {}) =>
  (zoo: Zoo): string => {
    const files = { 'a.node': bytes, ...more };
    const seals = Object.entries(files).map(([path, content]) => sealOf(path, content));
    return zoo.plant(BAD, { files, target: { os: 'linux', cpu: arch, libc, entry, files: seals } });
  };

/** Changes one file after the manifest was written. */
const changed = (change: (path: string) => void) => (zoo: Zoo) =>
  change(join(dirname(zoo.plant(BAD)), 'plugin.mjs'));
const seal =
  (...files: NonNullable<Target['files']>) =>
  (zoo: Zoo) =>
    void zoo.plant(BAD, { target: { files } });

const good = buildElf(exported);
const patched = (at: number, ...values: readonly number[]) => {
  const copy = Uint8Array.from(good);
  copy.set(values, at);
  return copy;
};
const code = sealOf('plugin.mjs', 'x');

/** E24 and E38 to E43: what is wrong with a plugin's files. */
export const INTEGRITY_FAULTS: readonly FileFault[] = [
  ['E38 an entry that is gone', 'integrity: missing-file', changed((path) => rmSync(path))],
  [
    'E38 a byte more',
    'integrity: corrupt',
    changed((path) => writeFileSync(path, ' ', { flag: 'a' })),
  ],
  [
    'E38 one bit',
    'integrity: corrupt',
    changed((path) => {
      const bytes = readFileSync(path);
      bytes[100] = (bytes[100] ?? 0) ^ 1;
      writeFileSync(path, bytes);
    }),
  ],
  ['E38 a digest in upper case', 'schema: malformed', seal({ ...code, sha256: 'A'.repeat(64) })],
  ['E38 a digest too short', 'schema: malformed', seal({ ...code, sha256: 'a'.repeat(63) })],
  ['E38 a file twice', 'schema: malformed', seal(code, code)],
  ['E38 unlisted code', 'integrity: corrupt', changed((path) => writeFileSync(`${path}.js`, ''))],
  ['E38 an unlisted text', COMPATIBLE, changed((path) => writeFileSync(`${path}.txt`, ''))],
  [
    'E24 a link inside to outside',
    'integrity: untrusted',
    changed((path) => {
      rmSync(path);
      symlinkSync('/etc/hostname', path);
    }),
  ],
  ['E39 truncated', 'preflight: corrupt', addon(good.subarray(0, good.length - 150))],
  [
    'E39 a zeroed tail',
    'preflight: corrupt',
    addon(Uint8Array.from(good).fill(0, good.length - 120)),
  ],
  ['E39 text', 'preflight: corrupt', addon(Buffer.from('#include <node_api.h>'))],
  ['E39 empty', 'preflight: corrupt', addon(new Uint8Array())],
  [
    'E39 a page of HTML',
    'preflight: corrupt',
    addon(Buffer.from('<!DOCTYPE html><title>404</title>')),
  ],
  [
    'E40 for another cpu',
    'preflight: wrong-platform',
    addon(buildElf({ ...exported, cpu: cpu === 'x64' ? 'arm64' : 'x64' })),
  ],
  ['E40 for 32 bits', 'preflight: wrong-platform', addon(buildElf({ ...exported, cpu: 'ia32' }))],
  ['E40 of Windows, renamed', 'preflight: wrong-platform', addon(buildPe(exported))],
  [
    'E40 fat without our slice',
    'preflight: wrong-platform',
    addon(buildFat(buildMachO(exported), buildMachO(exported))),
  ],
  ['E40 big-endian', 'preflight: corrupt', addon(patched(5, 2))],
  [
    'E41 a library that is nowhere',
    'preflight: missing-library',
    addon(buildElf({ ...exported, needed: [{ name: 'libnowhere.so.7' }] })),
  ],
  [
    'E41 a symbol version that is not defined',
    'preflight: missing-library',
    addon(buildElf({ ...exported, needed: [{ name: 'libc.so.6', versions: ['GLIBC_2.99'] }] })),
  ],
  [
    'E41 a library beside it, found',
    COMPATIBLE,
    addon(buildElf({ ...exported, needed: [{ name: 'libown.so' }], runpath: ['$ORIGIN'] }), {
      'libown.so': buildElf({ cpu }),
    }),
  ],
  [
    'E41 a library beside it, not searched',
    'preflight: missing-library',
    addon(buildElf({ ...exported, needed: [{ name: 'libown.so' }] }), {
      'libown.so': buildElf({ cpu }),
    }),
  ],
  ['E42 registers nothing', 'preflight: load-failed', addon(buildElf({ cpu, exports: ['other'] }))],
  [
    'E42 a function of Node-API that this Node.js has not',
    'preflight: incompatible-node',
    addon(buildElf({ ...exported, imports: ['napi_create_error', 'napi_from_the_future'] })),
  ],
  [
    'E42 a function that nobody has',
    'preflight: load-failed',
    addon(buildElf({ ...exported, imports: ['napi_create_error', 'nobody_has_this'] })),
  ],
  [
    'E42 a function of a library beside it',
    COMPATIBLE,
    addon(
      buildElf({
        ...exported,
        imports: ['own_function', 'malloc', 'napi_create_error'],
        needed: [{ name: 'libown.so' }],
        runpath: ['$ORIGIN'],
      }),
      { 'libown.so': buildElf({ cpu, exports: ['own_function'] }) },
    ),
  ],
  ['E43 65535 program headers', 'preflight: corrupt', addon(patched(56, 255, 255))],
  ['E43 offsets beyond the end', 'preflight: corrupt', addon(patched(32, 0, 0, 0, 0, 0, 1))],
  [
    'E43 sizes below zero',
    'preflight: corrupt',
    addon(patched(64 + 32, 255, 255, 255, 255, 255, 255, 255, 255)),
  ],
];
