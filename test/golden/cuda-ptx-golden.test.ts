import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { cudaFolder } from '../support/cuda-folder.js';
import { fakeSettings } from '../support/fake-driver.js';
import { ownState } from '../support/own-state.js';
import { samplePtx, whyNoPtx } from '../support/ptx-sample.js';
import { skipBecause } from '../support/skip-because.js';
import { createTarget } from './create-target.js';
import { runGolden } from './run-golden.js';

/** Beside the checkout, where it is there. */
const FOLDER = fileURLToPath(new URL('../../../../shared/golden/monai', import.meta.url));

/** Of some 300 cases one in so many is left: a few seconds. */
const EVERY = 4;

describe('golden cases on cuda, the PTX machine running its kernels', () => {
  it('pass at their own tolerance, but for quirks', async function () {
    this.timeout(600_000);
    if (!existsSync(FOLDER)) skipBecause(this, 'no ../shared/golden/monai');
    const reason = whyNoPtx();
    if (reason !== undefined) skipBecause(this, reason);
    using folder = await cudaFolder();
    const environment = { ...folder.driver({ PTX: 1 }), VOXHOST_ADD_PLUGIN_PATH: folder.path };
    using _told = fakeSettings({}, environment);
    using _state = ownState();
    await using target = await createTarget('cuda');
    const outcomes = await runGolden(FOLDER, target, { isTaken: samplePtx(EVERY) });
    const failed = outcomes.flatMap((o) => (o.kind === 'failed' ? [`${o.id}: ${o.error}`] : []));
    assert.deepEqual(failed, []);
    assert.ok(outcomes.filter((o) => o.kind === 'passed').length > 20);
  });
});
