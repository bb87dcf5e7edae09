import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { readDocument } from '#host/compatibility/document.js';
import { SCHEMA } from '#host/compatibility/manifest-shape.js';

/** One manifest with every field for each released minor. They are never changed: what was once valid stays so. */
const folder = new URL('../../../test/fixtures/manifests/', import.meta.url);

describe('golden manifests', () => {
  const names = readdirSync(folder);

  it('there is one for each minor', () => {
    const expected = Array.from(
      { length: SCHEMA.minor + 1 },
      (_, minor) => `manifest-1.${minor}.json`,
    );
    assert.deepEqual(names.sort(), expected.sort());
  });

  for (const name of names)
    it(`${name} is read whole`, () => {
      const bytes = readFileSync(new URL(name, folder));
      const document = readDocument(bytes, name);
      assert.ok(document.ok);
      assert.deepEqual(document.manifest, JSON.parse(bytes.toString()));
      assert.deepEqual(document.notes, []);
    });
});
