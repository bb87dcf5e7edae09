import assert from 'node:assert/strict';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { inflateSync } from 'node:zlib';
import { createGrid, createImage } from '@voxhost/sdk';
import { headPhantom, writeImage } from 'voxhost/io';
import { drawSlices } from '#host/picture/draw-slices.js';
import { encodePng } from '#host/picture/encode-png.js';
import { below, beside } from '#host/picture/raster.js';
import { capture } from '../support/capture.js';
import { scratchFolder } from '../support/scratch.js';

/** Where the patient's axes lie in a volume whose value is its physical coordinate along one of them. */
function ramp(axis: number, direction: readonly number[]) {
  const grid = createGrid({ size: [8, 8, 8], direction, origin: [-3.5, -3.5, -3.5] });
  const data = new Float32Array(512);
  for (let i = 0; i < 512; i++) {
    const index = [i % 8, Math.floor(i / 8) % 8, Math.floor(i / 64)];
    const point = [0, 1, 2].map((r) =>
      index.reduce((sum, x, c) => sum + direction[3 * r + c] * x, 0),
    );
    data[i] = point[axis];
  }
  return createImage(grid, data);
}

const IDENTITY = [1, 0, 0, 0, 1, 0, 0, 0, 1];
/** Axes run to superior, right and anterior: permuted and reversed. */
const TURNED = [0, -1, 0, 0, 0, -1, 1, 0, 0];

describe('a picture', () => {
  it('shows left on the right, posterior below and superior above, however the axes lie', () => {
    for (const direction of [IDENTITY, TURNED]) {
      const [left, posterior, superior] = [0, 1, 2].map((axis) =>
        drawSlices(ramp(axis, direction), { edge: 8 }),
      );
      const at = (raster: typeof left, x: number, y: number) => raster.data[y * raster.width + x];
      assert.deepEqual([left.width, left.height], [8 * 3 + 4 * 2, 8]);
      assert.ok(at(left, 7, 0) > at(left, 0, 0), 'axial: brighter to the left of the patient');
      assert.ok(at(posterior, 0, 7) > at(posterior, 0, 0), 'axial: posterior is below');
      assert.ok(at(superior, 12, 0) > at(superior, 12, 7), 'coronal: superior is above');
      assert.ok(at(posterior, 31, 0) > at(posterior, 24, 0), 'sagittal: posterior is right');
    }
  });

  it('has square pixels, whatever the spacing', () => {
    const grid = createGrid({ size: [10, 20, 5], spacing: [2, 1, 8] });
    const { width, height } = drawSlices(createImage(grid, new Uint8Array(1000)), { edge: 40 });
    assert.deepEqual([width, height], [20 + 4 + 20 + 4 + 20, 40]);
  });

  it('maps a window to black and white, and clamps outside it', () => {
    const grid = createGrid({ size: [4, 1] });
    const image = createImage(grid, Float32Array.of(-5, 0, 10, 50));
    assert.deepEqual([...drawSlices(image, { window: [0, 10], edge: 4 }).data], [0, 0, 255, 255]);
    const flat = createImage(grid, Float32Array.of(3, 3, Number.NaN, 3));
    assert.equal(drawSlices(flat, { edge: 4 }).data.length, 4, 'nothing to see is no failure');
  });

  it('of three channels of bytes is in colour', () => {
    const grid = createGrid({ size: [2, 1] });
    const image = createImage(grid, Uint8Array.of(255, 0, 0, 255, 9, 9), 3);
    const { channels, data } = drawSlices(image, { window: [0, 255], edge: 2 });
    assert.equal(channels, 3);
    assert.deepEqual([...data], [255, 0, 9, 0, 255, 9]);
  });

  it('stands beside and below others', () => {
    const dot = (value: number) =>
      ({ width: 1, height: 1, channels: 1, data: Uint8Array.of(value) }) as const;
    assert.deepEqual([...beside([dot(1), dot(2)], 1).data], [1, 0, 2]);
    const column = below([beside([dot(1), dot(2)]), dot(3)], 1);
    assert.deepEqual([column.width, column.height, ...column.data], [2, 3, 1, 2, 0, 0, 3, 0]);
  });

  it('is a PNG whose rows inflate to the pixels', () => {
    const data = Uint8Array.from({ length: 2 * 3 * 3 }, (_, i) => 10 * i);
    const png = Buffer.from(encodePng({ width: 2, height: 3, channels: 3, data }));
    assert.equal(png.toString('latin1', 1, 4), 'PNG');
    assert.deepEqual([png.readUInt32BE(16), png.readUInt32BE(20), png[24], png[25]], [2, 3, 8, 2]);
    // The checksum of the empty last chunk is a constant of the format.
    assert.equal(png.subarray(-4).toString('hex'), 'ae426082');
    const start = png.indexOf('IDAT');
    const rows = inflateSync(png.subarray(start + 4, start + 4 + png.readUInt32BE(start - 4)));
    assert.deepEqual([...rows.subarray(0, 7)], [0, ...data.subarray(0, 6)]);
  });

  it('voxhost picture draws volumes in rows, and refuses what is no picture', async () => {
    await using folder = await scratchFolder();
    const [volume, picture] = ['head.nii', 'head.png'].map((name) => join(folder.path, name));
    await writeImage(headPhantom(), volume);
    const ended = await capture(['picture', volume, volume, picture, '--edge', '64', '--json']);
    assert.equal(ended.exitCode, 0, ended.err);
    const { width, height } = JSON.parse(ended.out);
    const png = await readFile(picture);
    assert.deepEqual([png.readUInt32BE(16), png.readUInt32BE(20)], [width, height]);
    await writeFile(join(folder.path, 'text.nii'), 'no volume');
    const before = await readdir(folder.path);
    for (const [files, exitCode] of [
      [[volume, 'out.jpg'], 3],
      [[picture], 2],
      [[join(folder.path, 'text.nii'), join(folder.path, 'out.png')], 3],
    ] as const) {
      assert.equal((await capture(['picture', ...files])).exitCode, exitCode, files.join(' '));
    }
    assert.deepEqual(await readdir(folder.path), before);
  });
});
