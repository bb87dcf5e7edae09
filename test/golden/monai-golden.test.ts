import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { createTarget } from './create-target.js';
import { runGolden } from './run-golden.js';

/** Beside the checkout, where it is there; the runner takes any other folder of the format. */
const FOLDER = fileURLToPath(new URL('../../../../shared/golden/monai', import.meta.url));

describe('golden cases of MONAI', () => {
  const there = existsSync(FOLDER);
  const title = 'pass on the reference at their own tolerance, all but the quirks';
  (there ? it : it.skip)(there ? title : `${title} (no ../shared/golden/monai)`, async function () {
    this.timeout(120_000);
    await using target = await createTarget('reference');
    const outcomes = await runGolden(FOLDER, target);
    const failed = outcomes.flatMap((o) => (o.kind === 'failed' ? [`${o.id}: ${o.error}`] : []));
    assert.deepEqual(failed, []);
    assert.ok(outcomes.filter((o) => o.kind === 'passed').length > 100);
  });
});
