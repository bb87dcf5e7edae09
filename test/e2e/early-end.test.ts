import assert from 'node:assert/strict';
import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { trust } from '../support/hostile-host.js';
import { niftiBytes } from '../support/nifti-bytes.js';
import { runVoxhost } from '../support/run-voxhost.js';
import { stateBelow } from '../support/scratch.js';
import { below, temporaryFolder } from '../support/temporary-folder.js';
import { writePlugin } from '../support/written-plugin.js';

describe('a trusted plugin that ends the process', () => {
  for (const how of [
    'process.exit(0);',
    'setTimeout(() => process.exit(0), 1); await new Promise(() => {});',
  ])
    it(`by ${how} is no success, and leaves no output`, async () => {
      using folder = temporaryFolder();
      const id = 'org.example.leaver';
      const plugin = below(folder, 'plugin');
      const path = writePlugin(plugin, { run: how }, { id, name: 'leaver' });
      const state = stateBelow(folder.path)['XDG_STATE_HOME'] ?? '';
      mkdirSync(state, { recursive: true });
      trust(plugin, path, id, state);
      const bytes = niftiBytes({ dim: [3, 4, 4, 4, 1, 1, 1, 1] }, 128);
      writeFileSync(join(folder.path, 'in.nii'), bytes);
      const { exitCode, err } = await runVoxhost(
        [
          'resample',
          'in.nii',
          'out.nii',
          '--spacing',
          '2,2,2',
          '--plugin-path',
          plugin.path,
          '--backend',
          'leaver',
        ],
        folder.path,
      );
      assert.equal(exitCode, 5, err);
      assert.match(err, /something ended the process before the command was done/);
      assert.ok(!readdirSync(folder.path).some((name) => name.startsWith('out')));
    });
});
