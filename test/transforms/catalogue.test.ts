import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { CATALOGUE } from '#host/transforms/catalogue.js';

describe('the catalogue of transforms', () => {
  it('is listed in host/README.md, name by name', async () => {
    const text = await readFile('host/README.md', 'utf8');
    const missing = Object.keys(CATALOGUE).filter((name) => !text.includes(`\`${name}\``));
    assert.deepEqual(missing, []);
    assert.ok(Object.keys(CATALOGUE).length > 40);
  });

  it('requires only parameters that it knows', () => {
    for (const [name, { checks, required, sources }] of Object.entries(CATALOGUE)) {
      const unknown = required.filter((param) => !(param in checks) && !sources.includes(param));
      assert.deepEqual(unknown, [], name);
    }
  });
});
