import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Manifest, Target } from '@voxhost/sdk';
import { buildFat, buildMachO, buildPe } from '../support/binary-builder.js';
import { nearestBlock } from '../support/manifest-builder.js';
import { addon } from './integrity-faults.js';
import { BAD, COMPATIBLE, type FileFault, sealOf, type Zoo } from './zoo.js';

const planted =
  (manifest: Partial<Manifest>, target: Partial<Target> = {}) =>
  (zoo: Zoo) =>
    zoo.plant(BAD, { manifest, target });

/** A good manifest whose text is changed afterwards. */
const edited = (change: (text: string) => string | Uint8Array) => (zoo: Zoo) => {
  const path = zoo.plant(BAD);
  writeFileSync(path, change(readFileSync(path, 'utf8')));
};

/** With something more at its start. */
const with_ = (member: string) => edited((text) => text.replace('{', `{${member},`));

const bytesAfter = (...bytes: readonly number[]) =>
  edited((text) =>
    Buffer.concat([
      Buffer.from('{"displayName": "'),
      Buffer.from(bytes),
      Buffer.from(text.replace('{', '", ')),
    ]),
  );

const host = (range: string) => planted({ engines: { host: range } });
const node = (range: string) => planted({ engines: { host: '^0.1', node: range } });
const version = (text: string) => planted({ version: text });
const id = (text: string) => planted({ id: text });
const requires = (what: Target['requires']) => planted({}, { requires: what } as Partial<Target>);

const deep = (levels: number): Partial<Manifest> =>
  ({ 'x-deep': JSON.parse('['.repeat(levels) + ']'.repeat(levels)) }) as Partial<Manifest>;

const twins = (one: string, other: string) => (zoo: Zoo) =>
  zoo.plant(BAD, {
    files: { 'plugin.mjs': 'x' },
    target: { files: ['plugin.mjs', one, other].map((path) => sealOf(path, 'x')) },
  });

/** Replaces the entry by what is no file. */
const entryAs = (make: (path: string) => void) => (zoo: Zoo) => {
  const path = join(dirname(zoo.plant(BAD)), 'plugin.mjs');
  rmSync(path);
  make(path);
};

const fat = buildFat(buildMachO({ cpu: 'x64' }), buildMachO({ cpu: 'arm64' }));
/** The fat file with one word of its header replaced, big-endian. */
const fatWith = (at: number, value: number) => {
  const bytes = Buffer.from(fat);
  bytes.writeUInt32BE(value, at);
  return addon(bytes);
};
const pe = buildPe({ exports: ['napi_register_module_v1'] });
const peWith = (at: number, value: number) => {
  const bytes = Buffer.from(pe);
  bytes.writeUInt32LE(value, at);
  return addon(bytes);
};
/** Where the PE header starts in what the builder writes, and its import directory's address. */
const PE_AT = 0x3c;
const IMPORTS_AT = 0x40 + 24 + 112 + 8;

const SYNTAX = 'decode: malformed';
const SCHEMA = 'schema: malformed';

/** What a review came up with, beyond the list of faults. */
export const HOSTILE_FAULTS: readonly FileFault[] = [
  ['CRLF at the ends of lines', COMPATIBLE, edited((text) => text.replaceAll('\n', '\r\n'))],
  ['a byte order mark and nothing else', SYNTAX, edited(() => '\ufeff')],
  ['white space and nothing else', SYNTAX, edited(() => ' \n\t')],
  ...['null', '[]', '"x"', '7', 'true', '{}'].map(
    (text): FileFault => [`${text} for a manifest`, SCHEMA, edited(() => text)],
  ),
  ['a vertical tab for white space', SYNTAX, edited((text) => `\v${text}`)],
  ['two documents', SYNTAX, edited((text) => `${text}\n${text}`)],
  ['an overlong form of UTF-8', SYNTAX, bytesAfter(0xc0, 0xaf)],
  ['half a surrogate in UTF-8', SYNTAX, bytesAfter(0xed, 0xa0, 0x80)],
  ['half a surrogate, escaped', COMPATIBLE, with_('"displayName": "\\ud800"')],
  ['a key twice, once escaped', SYNTAX, with_('"\\u0069d": "org.example.other"')],
  ['__proto__, escaped, deep in a free field', SYNTAX, with_('"x-a": [{"__pr\\u006fto__": 1}]')],
  ['an integer of thirty digits in a free field', SYNTAX, with_(`"x-a": 1${'0'.repeat(30)}1`)],
  ['2^53 + 1 with a point', SYNTAX, with_('"x-a": 9007199254740993.0')],
  ['a tiny number', COMPATIBLE, with_('"x-a": 1e-400')],
  ['nested as deep as allowed', COMPATIBLE, planted(deep(31))],
  ['nested one deeper', SYNTAX, planted(deep(32))],
  ['escape sequences in its title', COMPATIBLE, planted({ displayName: '\u001b[2J\u202eevil' })],
  ...['org.example.тест', 'Org.Example.X', 'org/../x', 'org..x', 'org.example.x-', '-x-', 'a'].map(
    (text): FileFault => [`the id ${text}`, SCHEMA, id(text)],
  ),
  ['the id of another file', 'identity: malformed', id('org.example.other')],
  ...['v1.0.0', '1.0', '01.0.0', '1.0.0-01', '1.0.0+', '99999999999999999999.0.0', ' 1.0.0'].map(
    (text): FileFault => [`the version ${JSON.stringify(text)}`, SCHEMA, version(text)],
  ),
  ['a version with build tags', COMPATIBLE, version('1.0.0-rc.1+build.99999999999999999999')],
  ...[
    '^2 || *',
    '||',
    '>=0.1 <1 ||',
    '>=0.1 <=0.1 || >=9',
    'latest',
    '1 - ',
    ' ',
    'x',
    '>=1e3',
  ].map((range): FileFault => [`engines.host ${JSON.stringify(range)}`, SCHEMA, host(range)]),
  ...['0.1.x', '~0.1.0', '0.1.0 - 0.9.0', '^2 || ^0.1', '>=0.1.0-alpha <0.2', '0.1.0+build'].map(
    (range): FileFault => [`engines.host ${JSON.stringify(range)}`, COMPATIBLE, host(range)],
  ),
  ['engines.host below a pre-release', 'engine: incompatible-host', host('<0.1.0-rc.1')],
  ['engines.node of long ago', 'engine: incompatible-node', node('<4 || 6 - 8')],
  ['engines.node of any time', COMPATIBLE, node('*')],
  [
    'critical names something of every object',
    'schema: incompatible-schema',
    planted({ critical: ['toString'] }),
  ],
  ['critical names nothing', 'schema: incompatible-schema', planted({ critical: [''] })],
  ['an older major', 'schema: incompatible-schema', planted({ manifest: '0.9' })],
  [
    'a newer minor, and a word that is new outside capabilities',
    'schema: incompatible-schema',
    planted({ manifest: '1.7' }, { libc: 'bionic' as 'musl' }),
  ],
  [
    'no operation that is known',
    'schema: incompatible-schema',
    planted({ capabilities: [{ ...nearestBlock, op: 'segment' as 'resample' }] }),
  ],
  ['no licence', SCHEMA, planted({ license: ' ' })],
  [
    'a size that no file has',
    'integrity: corrupt',
    planted({}, { files: [{ path: 'plugin.mjs', size: 2 ** 53 - 1, sha256: 'a'.repeat(64) }] }),
  ],
  ['files that differ by case', SCHEMA, twins('lib/A.mjs', 'lib/a.mjs')],
  ['files that differ by composition', SCHEMA, twins('\u00e4.txt', 'a\u0308.txt')],
  ['an entry that is a folder', 'integrity: corrupt', entryAs((path) => mkdirSync(path))],
  ['an entry that is a pipe', 'integrity: corrupt', entryAs((path) => spawnSync('mkfifo', [path]))],
  [
    'a manifest of 10 GiB of holes',
    'locate: unreadable',
    (zoo) => truncateSync(zoo.plant(BAD), 10 * 2 ** 30),
  ],
  ['a least driver "v570"', SCHEMA, requires({ drivers: [{ name: 'nvidia', min: 'v570' }] })],
  ['a least driver "570."', SCHEMA, requires({ drivers: [{ name: 'nvidia', min: '570.' }] })],
  [
    'compatMin above min',
    SCHEMA,
    requires({ drivers: [{ name: 'nvidia', min: '570.9', compatMin: '570.26' }] }),
  ],
  [
    'a driver named toString',
    'require: missing-hardware',
    requires({ drivers: [{ name: 'toString', min: '1' }] }),
  ],
  [
    'a driver named __proto__',
    'require: missing-hardware',
    requires({ drivers: [{ name: '__proto__', min: '1' }] }),
  ],
  ['fat, a slice in the header', 'preflight: corrupt', fatWith(16, 0)],
  ['fat, a slice beyond the end', 'preflight: corrupt', fatWith(16, 0xfffffff0)],
  ['fat, a slice of no bytes', 'preflight: corrupt', fatWith(20, 0)],
  ['fat, two slices at one place', 'preflight: corrupt', fatWith(36, 4096)],
  ['fat, a slice under a false name', 'preflight: corrupt', fatWith(8, 0x0100000c)],
  ['fat, no slices', 'preflight: corrupt', fatWith(4, 0)],
  ['fat, as Java’s classes start', 'preflight: corrupt', fatWith(4, 52)],
  ['PE, its header in itself', 'preflight: corrupt', peWith(PE_AT, 0)],
  ['PE, its header beyond the end', 'preflight: corrupt', peWith(PE_AT, 0xfffffff0)],
  ['PE, imports where nothing lies', 'preflight: corrupt', peWith(IMPORTS_AT, 16)],
];
