import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import {
  allocatePixels,
  createImage,
  indexToPhysical,
  PIXEL_TYPES,
  type Pixels,
  type PixelType,
} from '@voxhost/sdk';
import { readImage, writeImage } from 'voxhost/io';
import { skipBecause } from '../support/skip-because.js';
import { fixture, inFolder, largestDifference } from './support.js';

/** Prints, per file: sform, qform, type, shape and a weighted sum of the values, as JSON. */
const SCRIPT = `
import json, sys
import nibabel as nib, numpy as np
found = []
for path in sys.argv[1:]:
    image = nib.load(path)
    data = np.asanyarray(image.dataobj).astype(np.float64).flatten(order="F")
    weights = np.arange(data.size) % 7 + 1
    found.append({"sform": image.get_sform().tolist(), "qform": image.get_qform().tolist(),
        "type": image.get_data_dtype().name, "shape": list(image.shape), "sum": float((data * weights).sum())})
print(json.dumps(found))`;

interface Found {
  readonly sform: readonly (readonly number[])[];
  readonly qform: readonly (readonly number[])[];
  readonly type: string;
  readonly shape: readonly number[];
  readonly sum: number;
}

/** float32 in the header: of numbers below 256, and of a quaternion that turns them. */
const TOLERANCE = 1e-4;

const weighted = (data: ArrayLike<number>): number =>
  Array.from(data).reduce((sum, v, i) => sum + v * ((i % 7) + 1), 0);

describe('what is written is what nibabel reads', () => {
  it('of every pixel type, oblique, left-handed, 4-D and in two files', async function () {
    const probe = spawnSync('/usr/bin/python3', ['-c', 'import nibabel']);
    if (probe.status !== 0) skipBecause(this, 'there is no /usr/bin/python3 with nibabel');
    await inFolder(async (folder) => {
      const source = await readImage(fixture('nifti', 'left-handed.nii'));
      const images = PIXEL_TYPES.map((pixelType) => {
        const data = valuesOf(pixelType, source.data.length * 2);
        return createImage(source.grid, data, 2);
      });
      const extensions = ['.nii', '.nii.gz', '.hdr'];
      const paths = images.map((_, n) => join(folder, `${n}${extensions[n % 3]}`));
      for (const [n, image] of images.entries()) await writeImage(image, paths[n]);
      const { stdout, stderr } = spawnSync('/usr/bin/python3', ['-c', SCRIPT, ...paths], {
        encoding: 'utf8',
      });
      assert.ok(stdout.startsWith('['), stderr);
      const found: readonly Found[] = JSON.parse(stdout);
      for (const [n, image] of images.entries()) {
        const { sform, qform, type, shape, sum } = found[n];
        const lps = [...indexToPhysical(image.grid)].map((v, i) => (i < 8 ? -v : v));
        assert.equal(type, image.pixelType);
        assert.deepEqual(shape, [...image.grid.size, 2]);
        assert.ok(Math.abs(sum - weighted(image.data)) <= 1e-9 * Math.abs(sum) + 1e-9);
        assert.ok(largestDifference(sform.flat().slice(0, 12), lps) < TOLERANCE);
        assert.ok(largestDifference(qform.flat().slice(0, 12), lps) < TOLERANCE);
      }
    });
  });
});

/** Values that every pixel type holds. */
function valuesOf(pixelType: PixelType, length: number): Pixels {
  const values = allocatePixels(pixelType, length);
  for (let i = 0; i < length; i++) values[i] = (i * 37) % 101;
  return values;
}
