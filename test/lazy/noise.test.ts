import assert from 'node:assert/strict';
import { createImage, type Image } from '@voxhost/sdk';
import {
  affine,
  compose,
  flip,
  gaussianNoise,
  givenNoise,
  rotate,
  shiftIntensity,
  spatialCrop,
} from 'voxhost/lazy';
import { noiseBlock } from '#host/lazy/noise.js';
import { philox } from '#host/lazy/philox.js';
import { countingRouter } from '../support/counting-router.js';
import { largestDifference, wavy } from '../support/volumes.js';

/** Promised closeness to resampling the sum of image and noise. */
const SUM_TOLERANCE = 1e-5;

describe('the counter-based generator', () => {
  // Known answers of Random123 1.09 (kat_vectors, philox4x32 10).
  for (const [counter, key, answer] of [
    [[0, 0, 0, 0], [0, 0], '6627e8d5 e169c58d bc57ac4c 9b00dbd8'],
    [[-1, -1, -1, -1], [-1, -1], '408f276d 41c83b0e a20bc7c6 6d5451fd'],
    [
      [0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344],
      [0xa4093822, 0x299f31d0],
      'd16cfe09 94fdcceb 5001e420 24126ea1',
    ],
  ] as const) {
    it(`gives ${answer}`, () => {
      const words = Uint32Array.from(counter);
      philox(words, key);
      assert.equal([...words].map((w) => w.toString(16).padStart(8, '0')).join(' '), answer);
    });
  }
});

const gaussian = { kind: 'gaussian', mean: 0, std: 2, seed: 11 } as const;

describe('lazy noise', () => {
  it('of a block is its part of the whole', () => {
    const whole = noiseBlock(gaussian, { start: [0, 0, 0], size: [6, 5, 4] }, 2);
    const block = noiseBlock(gaussian, { start: [2, 1, 3], size: [3, 2, 1] }, 2);
    for (let at = 0; at < block.data.length; at++) {
      const [x, y, c] = [at % 3, Math.floor(at / 3) % 2, Math.floor(at / 6)];
      assert.equal(block.data[at], whole.data[x + 2 + 6 * (y + 1 + 5 * (3 + 4 * c))]);
    }
  });

  it('has the mean and deviation it was asked for', () => {
    const noise = noiseBlock(gaussian, { start: [0, 0, 0], size: [40, 40, 40] }, 1);
    const data = noise.data as Float64Array;
    const mean = data.reduce((a, b) => a + b, 0) / data.length;
    const variance = data.reduce((a, b) => a + b * b, 0) / data.length;
    // Four standard errors of 64 000 samples.
    assert.ok(Math.abs(mean) < (4 * 2) / Math.sqrt(data.length));
    assert.ok(Math.abs(Math.sqrt(variance) - 2) < (4 * 2) / Math.sqrt(2 * data.length));
  });

  const turns = [
    rotate({ angle: [0.1, 0.2, 0.1], keep_size: false }),
    flip({ spatial_axis: 1 }),
    affine({ scale_params: [1.1, 0.9, 1], translate_params: [1, 0.4, 0] }),
  ];

  for (const padding_mode of ['zeros', 'border', 'reflection']) {
    for (const mode of ['bilinear', 'nearest', 3]) {
      it(`equals resampling image and noise, ${mode}, ${padding_mode}`, async () => {
        const source = wavy([9, 8, 7], { pixelType: 'float64' });
        const noise = gaussianNoise({ std: 2, seed: 11 });
        const overrides = { mode, padding_mode };
        const run = (image: Image, lazily: readonly (typeof noise)[]) =>
          compose([...lazily, ...turns], { lazy: true, overrides }).run(countingRouter(), image);
        const lazy = await run(source, [noise]);
        const sum = noiseBlock(gaussian, { start: [0, 0, 0], size: [9, 8, 7] }, 1).data.map(
          (n, i) => n + source.data[i],
        );
        const summed = await run(createImage(source.grid, sum as Float64Array), []);
        assert.ok(largestDifference(lazy.image, summed.image) < SUM_TOLERANCE);
      });
    }
  }

  it('stands in its own place: later maps carry it, earlier ones do not', async () => {
    const source = wavy([9, 8, 7], { pixelType: 'float64' });
    const still = createImage(source.grid, new Float64Array(source.data.length));
    const noise = givenNoise(createImage(source.grid, Float64Array.from(source.data)));
    const after = await compose([flip(), noise], { lazy: true }).run(countingRouter(), still);
    assert.equal(largestDifference(after.image, createImage(after.image.grid, source.data)), 0);
    const before = await compose([noise, flip()], { lazy: true }).run(countingRouter(), still);
    assert.ok(largestDifference(before.image, after.image) > 1);
  });

  it('is made only where the output looks', async () => {
    const router = countingRouter();
    const crop = spatialCrop({ roi_start: [30, 30, 3], roi_end: [34, 34, 5] });
    await compose([gaussianNoise(), rotate({ angle: [0, 0, 0.01] }), crop], { lazy: true }).run(
      router,
      wavy([40, 40, 8]),
    );
    const [, noise] = router.runs;
    const voxels = noise.source.grid.size.reduce((a, b) => a * b);
    assert.ok(voxels < 10 * 10 * 8, `${noise.source.grid.size}`);
  });

  it('and changes of intensity are summed in float and rounded once', async () => {
    const source = createImage(wavy([4, 1, 1]).grid, Int16Array.of(1, 1, 1, 1));
    const halves = givenNoise(createImage(source.grid, Float64Array.of(0.3, 0.3, 0.3, 0.3)));
    const { image } = await compose([halves, halves], { lazy: true }).run(countingRouter(), source);
    assert.equal(image.pixelType, 'int16');
    assert.deepEqual([...image.data], [2, 2, 2, 2]);
  });

  it('a constant boundary keeps its value through a change of intensity', async () => {
    const source = wavy([5, 9, 9], { pixelType: 'float64' });
    const turn = rotate({
      angle: [0.8, 0, 0],
      keep_size: false,
      mode: 'bilinear',
      padding_mode: 'zeros',
    });
    const run = (lazy: boolean) =>
      compose([shiftIntensity({ offset: 100 }), turn], { lazy }).run(countingRouter(), source);
    const [a, b] = [await run(true), await run(false)];
    assert.equal(a.steps.length, 1);
    // The eager way stores float32 in between: 1e-7 of values of about 200.
    assert.ok(largestDifference(a.image, b.image) < 1e-4);
    assert.ok(a.image.data.includes(0));
  });
});
