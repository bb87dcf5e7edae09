import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { cudaFolder } from '../support/cuda-folder.js';
import { fakeSettings, whyNoFakeDriver } from '../support/fake-driver.js';
import { ownState } from '../support/own-state.js';
import { skipBecause } from '../support/skip-because.js';
import { createTarget } from './create-target.js';
import { runGolden } from './run-golden.js';

/** Beside the checkout, where it is there. */
const FOLDER = fileURLToPath(new URL('../../../../shared/golden/monai', import.meta.url));

describe('golden cases on cuda, in a process of its own on the fake driver', () => {
  it('pass at their own tolerance, but for quirks', async function () {
    this.timeout(120_000);
    if (!existsSync(FOLDER)) skipBecause(this, 'no ../shared/golden/monai');
    const reason = whyNoFakeDriver();
    if (reason !== undefined) skipBecause(this, reason);
    using folder = await cudaFolder();
    using _told = fakeSettings({}, { VOXHOST_ADD_PLUGIN_PATH: folder.path });
    using _state = ownState();
    await using target = await createTarget('cuda');
    const outcomes = await runGolden(FOLDER, target);
    const failed = outcomes.flatMap((o) => (o.kind === 'failed' ? [`${o.id}: ${o.error}`] : []));
    assert.deepEqual(failed, []);
    assert.ok(outcomes.filter((o) => o.kind === 'passed').length > 250);
  });
});
