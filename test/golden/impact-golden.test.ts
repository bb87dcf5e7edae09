import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { createTarget } from './create-target.js';
import { runGolden } from './run-golden.js';

/** Folders of the format, and how many cases there are at least; the runner takes any other. */
const FOLDERS = [
  { name: 'of PyTorch, in 2-D and 3-D', path: '../../../test/fixtures/impact', least: 48 },
  { name: 'beside the checkout', path: '../../../../shared/golden/impact', least: 90 },
];

describe('golden cases of IMPACT', function () {
  this.timeout(120_000);
  for (const { name, path, least } of FOLDERS) {
    const folder = fileURLToPath(new URL(path, import.meta.url));
    const there = existsSync(folder);
    const title = `${name} pass: losses, and the whole metric through the host`;
    (there ? it : it.skip)(there ? title : `${title} (no ${path})`, async () => {
      await using target = await createTarget();
      const outcomes = await runGolden(folder, target);
      const bad = outcomes.filter((o) => o.kind !== 'passed').map((o) => JSON.stringify(o));
      assert.deepEqual(bad, []);
      assert.ok(outcomes.length >= least, `${outcomes.length} cases`);
    });
  }
});
