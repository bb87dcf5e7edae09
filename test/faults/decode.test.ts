import assert from 'node:assert/strict';
import { readDocument } from '#host/compatibility/document.js';
import {
  fullManifest,
  placesOf,
  typeMutations,
  withChange,
} from '../compatibility/manifest-mutations.js';
import { bytesOf, manifestOf } from '../support/manifest-builder.js';
import { DECODE_FAULTS } from './decode-faults.js';
import { expectVerdict } from './zoo.js';

describe('faults of decoding', () => {
  for (const [name, verdict, plant] of DECODE_FAULTS)
    it(`${name}: ${verdict}`, () => expectVerdict(verdict, plant));

  it('E16 leaves no prototype changed', () => {
    readDocument(bytesOf('{"__proto__": {"trusted": true}}'), 'x');
    assert.equal(({} as { trusted?: boolean }).trusted, undefined);
  });

  it('E19 every field with every other type is refused, by its path', () => {
    const typed = typeMutations().filter(({ name }) => name.includes(' = '));
    assert.ok(typed.length > 300, `${typed.length} mutations`);
    for (const { name, value } of typed) {
      const document = readDocument(bytesOf(value), 'x.plugin.json');
      const dropped = /^capabilities\.\d+\..*= "text"$/.test(name); // an unknown word drops its block
      assert.equal(document.ok, dropped && document.ok, name);
      if (!document.ok)
        assert.match(String(document.refusal.evidence.where), /^x\.plugin\.json:\d+:\d+ /);
    }
  });

  it('E20 every missing mandatory field is refused, with what it means', () => {
    const base = manifestOf() as unknown as Readonly<Record<string, unknown>>;
    const missing = Object.keys(base).map((name) => withChange(base, [name], undefined));
    assert.ok(missing.length >= 9);
    for (const value of missing) {
      const document = readDocument(bytesOf(value), 'x.plugin.json');
      assert.ok(!document.ok);
      assert.equal(document.refusal.verdict, 'malformed');
      assert.ok(String(document.refusal.evidence.expected).length > 5);
    }
    assert.ok(placesOf(fullManifest).length > 100);
  });
});
