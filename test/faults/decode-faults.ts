import type { Manifest } from '@voxhost/sdk';
import { manifestOf, nearestBlock } from '../support/manifest-builder.js';
import { BAD, COMPATIBLE, type FileFault, type Zoo } from './zoo.js';

const text = JSON.stringify(manifestOf({ id: BAD }), null, 2);
const raw = (content: string | Uint8Array) => (zoo: Zoo) => void zoo.raw(BAD, content);
const bytes = (...parts: readonly (string | readonly number[])[]) =>
  Buffer.concat(parts.map((part) => Buffer.from(part as string)));
const planted = (manifest: Partial<Manifest>) => (zoo: Zoo) =>
  void zoo.plant(BAD, { manifest: manifest as object });

const malformed = 'decode: malformed';
/** E13 to E24: what is wrong with a manifest as text and as a document. */
export const DECODE_FAULTS: readonly FileFault[] = [
  ['E13 byte order mark', malformed, raw(bytes([0xef, 0xbb, 0xbf], text))],
  ['E13 UTF-16', malformed, raw(Buffer.from(`\ufeff${text}`, 'utf16le'))],
  ['E13 invalid UTF-8', malformed, raw(bytes(text.slice(0, -1), [0xff], '}'))],
  ['E13 NUL tail', malformed, raw(bytes(text, [0, 0, 0]))],
  ['E14 truncated', malformed, raw(text.slice(0, -20))],
  ['E14 trailing comma', malformed, raw(text.replace(/\n}$/, ',\n}'))],
  ['E14 comment', malformed, raw(`// no\n${text}`)],
  ['E14 NaN', malformed, raw(text.replace('"min": 1', '"min": NaN'))],
  ['E14 single quotes', malformed, raw(text.replaceAll('"', "'"))],
  ['E15 duplicate key', malformed, raw(text.replace('{', '{"id": "org.example.other",'))],
  ['E16 __proto__', malformed, raw(text.replace('{', '{"__proto__": {"trusted": true},'))],
  [
    'E16 constructor, inside',
    malformed,
    raw(text.replace('"abi": {', '"abi": {"constructor": 1,')),
  ],
  ['E17 nested a million deep', malformed, raw('['.repeat(100_000) + ']'.repeat(100_000))],
  [
    'E17 a list of 100 000',
    'schema: malformed',
    raw(JSON.stringify({ ...manifestOf({ id: BAD }), targets: Array(100_000).fill(1) })),
  ],
  ['E17 a text of 200 KiB', 'schema: malformed', planted({ displayName: 'x'.repeat(200 * 1024) })],
  ['E18 1e999', malformed, raw(text.replace('"min": 1', '"min": 1e999'))],
  ['E18 -0', malformed, raw(text.replace('"min": 1', '"min": -0'))],
  ['E18 2^53 + 1', malformed, raw(text.replace('"min": 1', '"min": 9007199254740993'))],
  [
    'E18 1.5 for an integer',
    'schema: malformed',
    planted({ abi: { name: 'voxhost-backend', min: 1.5, max: 2 } }),
  ],
  [
    'E18 a negative size',
    'schema: malformed',
    (zoo) =>
      void zoo.plant(BAD, {
        target: { files: [{ path: 'plugin.mjs', size: -1, sha256: 'a'.repeat(64) }] },
      }),
  ],
  ['E21 unknown field', COMPATIBLE, planted({ colour: 1 } as Partial<Manifest>)],
  ['E21 unknown and critical', 'schema: incompatible-schema', planted({ critical: ['colour'] })],
  [
    'E21 unknown word in a capability',
    COMPATIBLE,
    planted({ capabilities: [{ ...nearestBlock, maps: ['wormhole'] } as never, nearestBlock] }),
  ],
  [
    'E21 unknown word elsewhere',
    'schema: malformed',
    planted({ isolation: { supports: ['inline'], default: 'orbit' as 'inline' } }),
  ],
  ['E22 manifest 2.0', 'schema: incompatible-schema', planted({ manifest: '2.0' })],
  ['E22 manifest 1.99', COMPATIBLE, planted({ manifest: '1.99' })],
  ['E22 manifest 1', 'schema: malformed', planted({ manifest: '1' })],
  ['E22 manifest 01.0', 'schema: malformed', planted({ manifest: '01.0' })],
  ['E22 manifest 1.0.0', 'schema: malformed', planted({ manifest: '1.0.0' })],
  [
    'E22 manifest 1.0, a number',
    'schema: malformed',
    raw(text.replace('"manifest": "1.0"', '"manifest": 1.0')),
  ],
  ['E22 manifest of nothing', 'schema: malformed', planted({ manifest: '' })],
  [
    'E23 a range of ten thousand signs',
    'schema: malformed',
    planted({ engines: { host: '>'.repeat(10_000) } }),
  ],
  [
    'E23 a version of 64 KiB',
    'schema: malformed',
    planted({ version: `1.0.0-${'a.'.repeat(32_000)}b` }),
  ],
  ...[
    '../../x.node',
    '/etc/passwd',
    'C:x',
    '\\\\server\\share',
    'file://x',
    'a\0b',
    'a.node.',
    'a.node ',
    'a.node:evil',
    'a/./b',
    'a//b',
  ].map(
    (path) =>
      [
        `E24 path ${JSON.stringify(path)}`,
        'schema: malformed',
        (zoo: Zoo) => void zoo.plant(BAD, { target: { entry: { type: 'esm', path } } }),
      ] as const,
  ),
  ['E24 a root that leaves', 'schema: malformed', planted({ root: '../..' })],
];
