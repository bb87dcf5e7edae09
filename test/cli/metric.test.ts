import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { type Image, indexToPhysical } from '@voxhost/sdk';
import { headPhantom, writeImage } from 'voxhost/io';
import { parseOption } from '#host/cli/keyed-option.js';
import { capture } from '../support/capture.js';
import { scratchFolder } from '../support/scratch.js';

/** A phantom small enough for the reference. */
const small = (): Image => {
  const { grid } = headPhantom();
  const size = [12, 14, 10];
  const spacing = grid.spacing.map((mm, a) => (mm * (grid.size[a] ?? 1)) / (size[a] ?? 1));
  return headPhantom({ ...grid, size, spacing });
};

/** Three centimetres: some samples leave the moving volume. */
const MOVED = '1 0 0 30\n0 1 0 0\n0 0 1 0\n0 0 0 1\n';

async function metric(
  line: (folder: string) => readonly string[],
  command: readonly string[] = ['metric'],
) {
  await using folder = await scratchFolder();
  const path = join(folder.path, 'head.nii');
  await writeImage(small(), path);
  await writeFile(join(folder.path, 'moved.txt'), MOVED);
  return await capture([...command, path, path, '--backend', 'reference', ...line(folder.path)]);
}

/** The way to millimetres and back moves a sample by its rounding, and squares are as small. */
const ROUNDING = 1e-15;

/** Geometry in a NIfTI-1 header is float32. */
const HEADER = 1e-6;

describe('voxhost metric', () => {
  it('is 0 for mean squares of a volume with itself', async () => {
    const { exitCode, out, err } = await metric(() => ['--metric', 'ssd', '--json']);
    assert.equal(exitCode, 0, err);
    const { metric: name, value, samples, provenance } = JSON.parse(out);
    assert.deepEqual([name, samples, provenance.backend], ['mean-squares', 1680, 'reference']);
    assert.ok(value >= 0 && value < ROUNDING, `${value}`);
  });

  it('counts the samples that a transform leaves inside', async () => {
    const moved = (folder: string) => [
      '--metric=mse',
      '--json',
      '--transform',
      join(folder, 'moved.txt'),
    ];
    const { out, err, exitCode } = await metric(moved);
    assert.equal(exitCode, 0, err);
    const { value, samples } = JSON.parse(out);
    assert.ok(value > 0 && samples > 0 && samples < 1680, out);
  });

  it("gives the derivative by ITK's affine parameters, or by the map's", async () => {
    const by = async (of: readonly string[]) => {
      const { out, err, exitCode } = await metric((f) => [
        '--metric=ncc',
        '--json',
        '--transform',
        join(f, 'moved.txt'),
        ...of,
      ]);
      assert.equal(exitCode, 0, err);
      return JSON.parse(out).derivative as { of: string; values: number[] };
    };
    const [transform, map] = [await by(['--derivative']), await by(['--derivative', 'map'])];
    assert.deepEqual([transform.of, map.of], ['transform', 'map']);
    assert.deepEqual([transform.values.length, map.values.length], [12, 12]);
    // The translation of an affine moves every sample alike: its derivative is that of the map's last column,
    // turned from index to millimetres by the moving grid's matrix.
    const matrix = indexToPhysical(small().grid);
    const t = [9, 10, 11].map((i) => transform.values[i] ?? Number.NaN);
    const m = [3, 7, 11].map((i) => map.values[i] ?? Number.NaN);
    for (const [a, byIndex] of m.entries()) {
      const turned = t.reduce((sum, mm, r) => sum + mm * (matrix[r * 4 + a] ?? Number.NaN), 0);
      assert.ok(Math.abs(turned - byIndex) < HEADER * Math.max(...m.map(Math.abs)), `axis ${a}`);
    }
  });

  it('explains who would serve', async () => {
    const { out, exitCode } = await metric(() => ['--metric=mi', '--json'], ['explain', 'metric']);
    assert.equal(exitCode, 0);
    assert.equal(JSON.parse(out).chosen, 'reference');
  });

  it('refuses a metric that nobody has, and an option that is none', async () => {
    const unknown = await metric(() => ['--metric=similarity-of-souls']);
    assert.deepEqual([unknown.exitCode, unknown.out], [4, '']);
    assert.match(unknown.err, /similarity-of-souls/);
    assert.equal((await metric(() => ['--metric=mi', '--option', 'bins'])).exitCode, 2);
  });

  it('hands on the path of a file as an absolute one, and words as they are', () => {
    const given = ['model=./package.json', 'distance=L2', 'patch=[5,5,5]', 'gone=./nowhere.onnx'];
    const options = given.reduce((all, text) => parseOption(text, all), {});
    assert.deepEqual(options, {
      model: resolve('package.json'),
      distance: 'L2',
      patch: [5, 5, 5],
      gone: './nowhere.onnx',
    });
  });
});
