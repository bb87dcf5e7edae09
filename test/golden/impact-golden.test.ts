import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { createTarget } from './create-target.js';
import { runGolden } from './run-golden.js';

/** Beside the checkout, where it is there; the runner takes any other folder of the format. */
const FOLDER = fileURLToPath(new URL('../../../../shared/golden/impact', import.meta.url));

describe('golden cases of IMPACT', () => {
  const there = existsSync(FOLDER);
  const title =
    'pass: losses, networks with their derivatives, and the whole metric through the host';
  (there ? it : it.skip)(
    there ? title : `${title} (no ../shared/golden/impact)`,
    async function () {
      this.timeout(120_000);
      await using target = await createTarget();
      const outcomes = await runGolden(FOLDER, target);
      const bad = outcomes.filter((o) => o.kind !== 'passed').map((o) => JSON.stringify(o));
      assert.deepEqual(bad, []);
      assert.ok(outcomes.length > 90);
    },
  );
});
