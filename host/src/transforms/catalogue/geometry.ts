import type { Params } from '../../lazy/transform.js';
import { affine } from '../affine.js';
import * as is from '../check-params.js';
import { flip } from '../flip.js';
import { orientation } from '../orientation.js';
import { resize } from '../resize.js';
import { rotate } from '../rotate.js';
import { rotate90 } from '../rotate90.js';
import { spacing } from '../spacing.js';
import { resampleToMatch, resampleToMatchKey, spatialResample } from '../spatial-resample.js';
import { zoom } from '../zoom.js';
import { type CatalogueRows, row } from './row.js';
import { parts, sampling } from './shared-checks.js';

/** Transforms that turn, move and scale. */
export const GEOMETRY: CatalogueRows = {
  Spacing: row(
    spacing,
    {
      ...sampling,
      pixdim: is.numbers,
      diagonal: is.boolean,
      min_pixdim: is.bounds,
      max_pixdim: is.bounds,
      scale_extent: is.boolean,
      recompute_affine: is.boolean,
    },
    { required: ['pixdim'] },
  ),
  Orientation: row(orientation, { axcodes: is.text, as_closest_canonical: is.boolean }),
  SpatialResample: row(spatialResample, {
    ...sampling,
    dst_affine: is.rows,
    spatial_size: is.wholes,
  }),
  ResampleToMatch: row(
    (params: Params, [reference]) =>
      reference === undefined ? resampleToMatch(params) : resampleToMatchKey(reference, params),
    { ...sampling, dst_affine: is.rows, spatial_size: is.wholes },
    { sources: ['key_dst'] },
  ),
  Flip: row(flip, { spatial_axis: is.axes }),
  Rotate90: row(rotate90, { k: is.whole, spatial_axes: is.axisPair }),
  Rotate: row(
    rotate,
    { ...sampling, angle: is.numbers, keep_size: is.boolean },
    { required: ['angle'] },
  ),
  Zoom: row(zoom, { ...sampling, zoom: is.numbers, keep_size: is.boolean }, { required: ['zoom'] }),
  Resize: row(
    resize,
    {
      ...sampling,
      spatial_size: is.wholes,
      size_mode: is.oneOf('all', 'longest'),
      anti_aliasing: is.boolean,
    },
    { required: ['spatial_size'] },
  ),
  Affine: row(affine, { ...sampling, ...parts, affine: is.rows, spatial_size: is.wholes }),
};
