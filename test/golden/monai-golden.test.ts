import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { createTarget } from './create-target.js';
import { runGolden } from './run-golden.js';

/** Beside the checkout, where it is there; the runner takes any other folder of the format. */
const FOLDER = fileURLToPath(new URL('../../../../shared/golden/monai', import.meta.url));

const there = existsSync(FOLDER);

describe('golden cases of MONAI', () => {
  for (const [backend, least] of [
    ['reference', 250],
    ['cpu', 150],
  ] as const) {
    const title = `pass on ${backend} at their own tolerance, but for quirks and what it does not claim`;
    const why = ' (no ../shared/golden/monai)';
    (there ? it : it.skip)(there ? title : title + why, async function () {
      this.timeout(120_000);
      await using target = await createTarget(backend);
      const outcomes = await runGolden(FOLDER, target);
      const failed = outcomes.flatMap((o) => (o.kind === 'failed' ? [`${o.id}: ${o.error}`] : []));
      assert.deepEqual(failed, []);
      assert.ok(outcomes.filter((o) => o.kind === 'passed').length > least);
    });
  }
});
