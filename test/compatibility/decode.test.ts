import assert from 'node:assert/strict';
import fc from 'fast-check';
import { decodeManifest, MANIFEST_DEPTH } from '#host/compatibility/decode.js';
import { MANIFEST_BYTES } from '#host/compatibility/manifest-shape.js';
import { walkJson } from '#host/compatibility/walk-json.js';
import { bytesOf } from '../support/manifest-builder.js';

const nested = (depth: number) => '['.repeat(depth) + ']'.repeat(depth);
const bytes = (...parts: readonly (string | readonly number[])[]): Uint8Array =>
  Uint8Array.from(
    parts.flatMap((part) => (typeof part === 'string' ? [...bytesOf(part)] : [...part])),
  );

describe('decode', () => {
  const faults: readonly (readonly [string, Uint8Array, string, string])[] = [
    ['empty', bytes(''), 'syntax', '1:1'],
    ['byte order mark', bytes([0xef, 0xbb, 0xbf], '{}'), 'encoding', '1:1'],
    ['UTF-16', bytes([0xff, 0xfe, 0x7b, 0, 0x7d, 0]), 'encoding', '1:1'],
    ['invalid UTF-8', bytes('{"a":\n "', [0xc3, 0x28], '"}'), 'encoding', '2:3'],
    ['overlong UTF-8', bytes('{"a":"', [0xc0, 0xaf], '"}'), 'encoding', '1:7'],
    ['surrogate in UTF-8', bytes('"', [0xed, 0xa0, 0x80], '"'), 'encoding', '1:2'],
    ['cut character', bytes('"ab', [0xe2, 0x82]), 'encoding', '1:4'],
    ['NUL tail', bytes('{}', [0, 0]), 'syntax', '1:3'],
    ['truncated', bytes('{"a": [1,\n2'), 'syntax', '2:2'],
    ['trailing comma', bytes('{"a": 1,\n}'), 'syntax', '2:1'],
    ['comment', bytes('{\n  // no\n}'), 'syntax', '2:3'],
    ['NaN', bytes('{"a": NaN}'), 'syntax', '1:7'],
    ['single quotes', bytes("{'a': 1}"), 'syntax', '1:2'],
    ['second value', bytes('{} {}'), 'syntax', '1:4'],
    ['control character', bytes('{"a": "\n"}'), 'syntax', '1:7'],
    ['leading zero', bytes('{"a": 01}'), 'syntax', '1:8'],
    ['duplicate key', bytes('{"id": 1,\n  "id": 2}'), 'duplicate-key', '2:3'],
    ['escaped duplicate', bytes('{"id": 1, "\\u0069d": 2}'), 'duplicate-key', '1:11'],
    ['inner duplicate', bytes('[{"a": {"b": 1, "b": 1}}]'), 'duplicate-key', '1:17'],
    ['__proto__', bytes('{"__proto__": {"trusted": true}}'), 'prototype-key', '1:2'],
    ['escaped __proto__', bytes('{"\\u005f_proto__": 1}'), 'prototype-key', '1:2'],
    ['constructor', bytes('{"a": {"constructor": 1}}'), 'prototype-key', '1:8'],
    ['prototype', bytes('{"prototype": 1}'), 'prototype-key', '1:2'],
    ['too deep', bytes(nested(MANIFEST_DEPTH + 1)), 'depth', `1:${MANIFEST_DEPTH + 1}`],
    ['far too deep', bytes(nested(100_000)), 'depth', `1:${MANIFEST_DEPTH + 1}`],
    ['infinite number', bytes('[1e999]'), 'number', '1:2'],
    ['negative zero', bytes('[-0]'), 'number', '1:2'],
    ['unsafe integer', bytes('[9007199254740993]'), 'number', '1:2'],
    ['too large', bytes(`"${'a'.repeat(MANIFEST_BYTES - 1)}"`), 'size', '1:1'],
  ];
  for (const [name, input, kind, place] of faults)
    it(`refuses ${name} at ${place}`, () => {
      const decoded = decodeManifest(input);
      assert.ok(!decoded.ok);
      assert.deepEqual([decoded.kind, `${decoded.line}:${decoded.column}`], [kind, place]);
    });

  it('accepts what is at the limits', () => {
    assert.ok(decodeManifest(bytes(nested(MANIFEST_DEPTH))).ok);
    assert.ok(decodeManifest(bytes(`"${'a'.repeat(MANIFEST_BYTES - 2)}"`)).ok);
    assert.ok(
      decodeManifest(bytes('{"a:{[": "\\"}]:", "b\\\\": [0.1, -1e-9, 9007199254740991]}')).ok,
    );
  });

  it('leaves no prototype changed', () => {
    decodeManifest(bytes('{"__proto__": {"polluted": true}}'));
    assert.equal(({} as { polluted?: boolean }).polluted, undefined);
  });

  it('accepts exactly what the engine reads and the slow walk has nothing against', () => {
    const json = fc.json({ maxDepth: 4 });
    const damaged = fc
      .tuple(
        json,
        fc.nat(),
        fc.constantFrom('', ',', '"', '}', ']', ':', '\\', '0', '-', 'é', '\n'),
      )
      .map(([text, at, inserted]) => {
        const where = at % (text.length + 1);
        return text.slice(0, where) + inserted + text.slice(where + (at % 2));
      });
    fc.assert(
      fc.property(fc.oneof(json, damaged), (text) => {
        const { fault } = walkJson(text, MANIFEST_DEPTH);
        const decoded = decodeManifest(bytesOf(text));
        // fc.json may write lone surrogates escaped, which both read alike
        assert.equal(decoded.ok, fault === undefined, text);
        if (fault === undefined) assert.doesNotThrow(() => JSON.parse(text));
        else if (fault.kind === 'syntax')
          assert.throws(() => JSON.parse(text) as unknown, SyntaxError);
      }),
      { numRuns: 2000 },
    );
  });
});
