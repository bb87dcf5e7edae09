import * as is from '../check-params.js';

/** How values come about, of every transform that resamples. */
export const sampling = {
  mode: is.mode,
  padding_mode: is.text,
  align_corners: is.corners,
  dtype: is.text,
} as const;

/** The parts that an affine is put together from. */
export const parts = {
  rotate_params: is.numbers,
  shear_params: is.numbers,
  translate_params: is.numbers,
  scale_params: is.numbers,
} as const;

/** What a random crop may leave open. */
export const randomBox = { random_center: is.boolean, random_size: is.boolean } as const;
