import assert from 'node:assert/strict';
import { readdir } from 'node:fs/promises';
import { createGrid, createImage } from '@voxhost/sdk';
import { createHost } from 'voxhost';
import { runVoxhost } from '../support/run-voxhost.js';
import { scratchFolder } from '../support/scratch.js';

describe('a required backend that nobody has', () => {
  const image = createImage(createGrid({ size: [2, 2] }), Uint8Array.of(1, 2, 3, 4));

  it('is refused also where the host makes a copy, which needs none', async () => {
    await using host = await createHost();
    const refused = { code: 'REQUIRED_BACKEND', message: /"typo" cannot serve: no plugin of this/ };
    await assert.rejects(host.resample(image, { backends: ['typo'] }), refused);
    for (const settings of [
      { backends: ['reference'] },
      { backends: ['cuda'] },
      { backends: ['typo'], fallback: 'allow' },
      { backends: ['typo', 'cpu'] },
    ] as const) {
      const { provenance } = await host.resample(image, settings);
      assert.equal(provenance.backend, 'host', JSON.stringify(settings));
    }
  });

  it('ends a command with 4, and nothing is written', async () => {
    await using folder = await scratchFolder();
    assert.equal((await runVoxhost(['phantom', 'in.nii'], folder.path)).exitCode, 0);
    const line = ['resample', 'in.nii', 'out.nii', '--orientation', 'LPS', '--backend', 'typo'];
    const { exitCode, err } = await runVoxhost(line, folder.path);
    assert.equal(exitCode, 4, err);
    assert.match(err, /backend "typo" cannot serve.*name one of/);
    assert.deepEqual(await readdir(folder.path), ['in.nii']);
  });
});
