import assert from 'node:assert/strict';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { createHost } from 'voxhost';
import { headPhantom, readImage } from 'voxhost/io';
import { outputGrid, resampleImage } from 'voxhost/lazy';
import { capture } from '../support/capture.js';
import { scratchFolder } from '../support/scratch.js';

/** Runs one line after a phantom was written; paths are the phantom's and an output's. */
async function resample(
  options: (folder: string) => readonly string[],
  command: readonly string[] = ['resample'],
) {
  await using folder = await scratchFolder();
  const input = join(folder.path, 'head.nii');
  const output = join(folder.path, 'out.nii');
  assert.equal((await capture(['phantom', input, '--quiet'])).exitCode, 0);
  const ended = await capture([...command, input, output, ...options(folder.path)]);
  const files = await readdir(folder.path);
  const image = files.includes('out.nii') ? await readImage(output) : undefined;
  return { ...ended, files, image };
}

/** Voxel sizes in a NIfTI-1 header are float32. */
const SPACING_TOLERANCE = 1e-6;

describe('voxhost resample', () => {
  it('writes what the library gives, on the grid that was asked for', async () => {
    const { exitCode, image, err } = await resample(() => ['--spacing', '4,5,6']);
    assert.equal(exitCode, 0, err);
    await using host = await createHost();
    const phantom = headPhantom();
    const expected = await resampleImage(host, phantom, { spacing: [4, 5, 6] });
    assert.deepEqual(image?.grid.size, outputGrid(phantom.grid, { spacing: [4, 5, 6] }).size);
    assert.deepEqual(image?.data, expected.image.data);
    for (const [a, mm] of [4, 5, 6].entries()) {
      assert.ok(Math.abs((image?.grid.spacing[a] ?? 0) - mm) < SPACING_TOLERANCE);
    }
  });

  it('takes one number for all axes, a pixel type, a boundary with a fill', async () => {
    const { exitCode, image, err } = await resample(() => [
      '--size=20',
      '--pixel-type=float32',
      '--interpolator=scipy:0',
      '--boundary=constant',
      '--fill=-1000',
    ]);
    assert.equal(exitCode, 0, err);
    assert.deepEqual(image?.grid.size, [20, 20, 20]);
    assert.equal(image?.pixelType, 'float32');
  });

  it('--like takes the grid of another volume', async () => {
    const { exitCode, image } = await resample((folder) => ['--like', join(folder, 'head.nii')]);
    assert.equal(exitCode, 0);
    assert.deepEqual(image?.data, headPhantom().data, 'on its own grid it is a copy');
  });

  it('--json is one object with the grid and who served', async () => {
    const { out, err, image } = await resample(() => ['--size', '12', '--json']);
    const result = JSON.parse(out);
    assert.deepEqual(result.grid.size, image?.grid.size);
    assert.equal(result.pixelType, 'int16');
    assert.equal(typeof result.provenance.backend, 'string');
    assert.equal(result.provenance.attempts.at(-1).outcome, 'served');
    assert.doesNotMatch(err, /\{/);
  });

  it('--quiet prints nothing', async () => {
    const { out, err } = await resample(() => ['--size', '12', '--quiet']);
    assert.deepEqual([out, err], ['', '']);
  });

  it('refuses options that do not go together or are unknown, and writes nothing', async () => {
    const lines: readonly (readonly [readonly string[], RegExp])[] = [
      [['--spacing', '2', '--size', '3'], /--spacing.*cannot be used with.*--size/],
      [['--like', 'x.nii', '--orientation', 'RAS'], /--like.*cannot be used with/],
      [['--spacing', '2,2'], /--spacing has 2 numbers where the volume has 3 axes/],
      [['--spacing', '0'], /--spacing.*positive/],
      [['--spacing', '2,x,2'], /--spacing.*"x" is not a number/],
      [['--size', '1.5'], /--size.*whole numbers/],
      [['--orientation', 'RAR'], /--orientation.*each axis/],
      [['--interpolator', 'cubic'], /--interpolator.*is not known; known: nearest/],
      [['--interpolator', 'torch:area'], /--interpolator.*averages/],
      [['--boundary', 'zeros'], /--boundary.*is not known; known: constant/],
      [['--pixel-type', 'int12'], /--pixel-type.*same, uint8/],
      [['--fill', ''], /--fill.*is not a number/],
      [['--spacng', '2'], /unknown option '--spacng'.*--spacing/],
      [['extra.nii'], /too many arguments/],
    ];
    for (const [options, expected] of lines) {
      const { exitCode, out, err, files } = await resample(() => options);
      assert.equal(exitCode, 2, `${options}: ${err}`);
      assert.equal(out, '');
      assert.match(err, expected);
      assert.deepEqual(files, ['head.nii']);
    }
  });

  it('a required backend that is not there is exit 4, with the reason', async () => {
    const { exitCode, err, files } = await resample(() => ['--size', '9', '--backend', 'nowhere']);
    assert.equal(exitCode, 4, err);
    assert.match(err, /nowhere/);
    assert.deepEqual(files, ['head.nii']);
  });

  it('explain decides and writes nothing; options may stand before it', async () => {
    const plain = await resample(() => ['--size', '9'], ['explain', 'resample']);
    assert.equal(plain.exitCode, 0, plain.err);
    assert.match(plain.out, /reference/);
    assert.deepEqual(plain.files, ['head.nii']);
    const json = await resample(() => ['--size', '9'], ['--json', 'explain', 'resample']);
    const { chosen, candidates, form } = JSON.parse(json.out);
    assert.ok(candidates.some(({ backend }: { backend: string }) => backend === chosen));
    assert.ok(['separable', 'affine'].includes(form), form);
    const copy = await resample(() => ['--json'], ['explain', 'resample']);
    assert.deepEqual([JSON.parse(copy.out).chosen, JSON.parse(copy.out).form], ['host', 'copy']);
  });

  it('an aborted line writes nothing and resolves with the exit code of the signal', async () => {
    await using folder = await scratchFolder();
    const output = join(folder.path, 'head.nii');
    const controller = new AbortController();
    const { Interrupted } = await import('#host/cli/terminal.js');
    controller.abort(new Interrupted(143));
    const { exitCode } = await capture(['phantom', output], { signal: controller.signal });
    assert.equal(exitCode, 143);
    assert.deepEqual(await readdir(folder.path), []);
  });
});
