import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { BOUNDARY_KINDS, ERROR_CODES, INTERPOLATORS } from '@voxhost/sdk';
import { createReference } from '@voxhost/sdk/reference';
import { createFakeContext, describeBackend, RULES } from '@voxhost/sdk/testing';
import plugin from './nearest-plugin.js';

const read = (path: string): string =>
  readFileSync(new URL(`../../../../${path}`, import.meta.url), 'utf8');

describe('sdk/README.md', () => {
  const readme = read('sdk/README.md');

  it('has the plugin below as it is', () => {
    assert.ok(readme.includes(read('test/sdk/readme/nearest-plugin.ts')));
  });

  it('has every rule, by number and word for word', () => {
    for (const [rule, sentence] of Object.entries(RULES)) {
      assert.ok(readme.includes(`| ${rule} | ${sentence} |`), `${rule} is missing`);
    }
  });

  it('has a row for every error code, interpolator and boundary', () => {
    for (const name of [...ERROR_CODES, ...INTERPOLATORS, ...BOUNDARY_KINDS]) {
      assert.ok(readme.includes(`\`${name}\``), `${name} is missing`);
    }
  });

  it('has a row for every metric of the reference', () => {
    for (const block of createReference().capabilities) {
      if (block.op === 'metric') assert.ok(readme.includes(`| \`${block.name}\` |`), block.name);
    }
  });
});

await describeBackend('of sdk/README.md', async () => await plugin.activate(createFakeContext()), {
  describe,
  it,
  after,
});
