import * as is from '../check-params.js';
import { gaussianNoise } from '../gaussian-noise.js';
import * as intensity from '../intensity.js';
import { type CatalogueRows, row } from './row.js';

const typed = {
  dtype: is.text,
  data_type: is.ignored,
  device: is.ignored,
  track_meta: is.ignored,
} as const;

/** Transforms that change values, and no place. */
export const VALUES: CatalogueRows = {
  GaussianNoise: row(gaussianNoise, { mean: is.number, std: is.number, seed: is.whole }),
  ShiftIntensity: row(intensity.shiftIntensity, { offset: is.number }, { required: ['offset'] }),
  ScaleIntensityFactor: row(
    intensity.scaleIntensityFactor,
    { factor: is.number },
    { required: ['factor'] },
  ),
  ScaleIntensity: row(intensity.scaleIntensity, {
    minv: is.number,
    maxv: is.number,
    factor: is.number,
    channel_wise: is.boolean,
    dtype: is.text,
  }),
  ScaleIntensityRange: row(
    intensity.scaleIntensityRange,
    {
      a_min: is.number,
      a_max: is.number,
      b_min: is.number,
      b_max: is.number,
      clip: is.boolean,
      dtype: is.text,
    },
    { required: ['a_min', 'a_max'] },
  ),
  NormalizeIntensity: row(intensity.normalizeIntensity, {
    subtrahend: is.number,
    divisor: is.number,
    nonzero: is.boolean,
    channel_wise: is.boolean,
    dtype: is.text,
  }),
  CastToType: row(intensity.castToType, { dtype: is.text }),
  EnsureType: row(intensity.ensureType, typed),
};
