import assert from 'node:assert/strict';
import { FUZZ_TARGETS, fuzz } from './fuzz.js';

/** Enough to see a parser that was broken; the long run is `node scripts/fuzz.mjs`, its results are in `results/`. */
const EXECUTIONS = 3000;
const SEED = 20_261_121;

describe('fuzzed parsers', () => {
  for (const target of FUZZ_TARGETS)
    it(`${target.name} ends and never throws`, () => {
      for (const seed of target.seeds) target.run(seed);
      const { finds, accepted } = fuzz(target, SEED, EXECUTIONS);
      assert.deepEqual(finds, []);
      assert.ok(accepted > 0 && accepted < EXECUTIONS, `${accepted} accepted`);
    });
});
