import assert from 'node:assert/strict';
import type { Json } from '@voxhost/sdk';
import { parsePipeline } from 'voxhost/lazy';
import { parseTrace } from '#host/pipelines/parse-trace.js';
import { CATALOGUE } from '#host/transforms/catalogue.js';
import { countingRouter } from '../support/counting-router.js';
import { wavy } from '../support/volumes.js';

/** Parameters of transforms that one image has a trace of; what is required, and what makes random ones act. */
const TRACED: { readonly [name: string]: { readonly [param: string]: Json } } = {
  Spacing: { pixdim: 1.5 },
  Orientation: { axcodes: 'LPS' },
  SpatialResample: {},
  Flip: {},
  Rotate90: {},
  Rotate: { angle: [0.1, 0, 0.2] },
  Zoom: { zoom: 1.2 },
  Resize: { spatial_size: [8, 8, 8] },
  Affine: { rotate_params: [0.1, 0, 0] },
  SpatialPad: { spatial_size: [16, 16, 16] },
  BorderPad: { spatial_border: 2 },
  DivisiblePad: { k: 8 },
  SpatialCrop: { roi_start: [1, 1, 1], roi_end: [6, 6, 6] },
  CenterSpatialCrop: { roi_size: [6, 6, 6] },
  CenterScaleCrop: { roi_scale: 0.5 },
  ResizeWithPadOrCrop: { spatial_size: [9, 14, 9] },
  CropForeground: {},
  GridDistortion: { num_cells: 2, distort_steps: Array(3).fill([1, 1.1, 1]) },
  GaussianNoise: { std: 0.1, seed: 3 },
  ShiftIntensity: { offset: 1 },
  ScaleIntensity: {},
  ScaleIntensityRange: { a_min: 0, a_max: 1, b_min: 0, b_max: 1 },
  NormalizeIntensity: {},
  CastToType: { dtype: 'int16' },
  RandFlip: { prob: 1 },
  RandAxisFlip: { prob: 1 },
  RandRotate: { range_x: 0.3, prob: 1 },
  RandRotate90: { prob: 1 },
  RandZoom: { prob: 1 },
  RandAffine: { rotate_range: [0.2, 0.2, 0.2], prob: 1 },
  Rand3DElastic: { sigma_range: [1, 2], magnitude_range: [1, 2], prob: 1 },
  RandGridDistortion: { prob: 1 },
  RandSpatialCrop: { roi_size: [6, 6, 6] },
  RandScaleCrop: { roi_scale: 0.5 },
  RandGaussianNoise: { prob: 1 },
  RandShiftIntensity: { offsets: 0.1, prob: 1 },
  RandScaleIntensity: { factors: 0.1, prob: 1 },
};

describe('a trace', () => {
  for (const [name, params] of Object.entries(TRACED)) {
    it(`of ${name} is read from JSON as it was written`, async () => {
      assert.ok(Object.hasOwn(CATALOGUE, name));
      const pipeline = parsePipeline({ lazy: true, transforms: [{ _target_: name, ...params }] });
      const { trace } = await pipeline.run(countingRouter(), wavy([10, 9, 8]), { seed: 1 });
      assert.ok(trace.items.length > 0);
      const written = JSON.parse(JSON.stringify(trace));
      assert.deepEqual(parseTrace(written), { ok: true, trace: written });
    });
  }
});
