import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { VERSION } from '#host/version.js';

describe('version', () => {
  it('is that of the package', () => {
    const path = new URL('../../../host/package.json', import.meta.url);
    const { version } = JSON.parse(readFileSync(path, 'utf8')) as { version: string };
    assert.equal(VERSION, version);
  });
});
