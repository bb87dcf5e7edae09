import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const script = fileURLToPath(new URL('../../../scripts/fuzz-io.mjs', import.meta.url));

describe('every reader, fuzzed', () => {
  it('answers a mutated file with itself or with a fault (1500 runs each; the script does more)', () => {
    const { status, stdout } = spawnSync(process.execPath, [script, '1500', '1'], {
      encoding: 'utf8',
    });
    assert.equal(status, 0, stdout);
    assert.equal(stdout.match(/1500 runs/g)?.length, 9);
  });
});
