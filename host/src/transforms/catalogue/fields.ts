import * as is from '../check-params.js';
import { type DisplacementFieldParams, displacementField } from '../displacement-field.js';
import { controlPoints, elastic } from '../elastic.js';
import { gridDistortion } from '../grid-distortion.js';
import { type CatalogueRows, row } from './row.js';
import { parts, sampling } from './shared-checks.js';

/** Transforms that bend. */
export const FIELDS: CatalogueRows = {
  Elastic: row(
    elastic,
    {
      ...sampling,
      ...parts,
      seed: is.whole,
      sigma: is.number,
      magnitude: is.number,
      spatial_size: is.wholes,
    },
    { required: ['seed', 'sigma', 'magnitude'] },
  ),
  ControlPoints: row(
    controlPoints,
    {
      ...sampling,
      ...parts,
      seed: is.whole,
      spacing: is.numbers,
      magnitude: is.number,
      spatial_size: is.wholes,
    },
    { required: ['seed', 'spacing', 'magnitude'] },
  ),
  GridDistortion: row(
    gridDistortion,
    { ...sampling, num_cells: is.cells, distort_steps: is.rows },
    { required: ['distort_steps'] },
  ),
  DisplacementField: row(
    (params) => displacementField(params as unknown as DisplacementFieldParams),
    { ...sampling, field: is.lattice },
    { required: ['field'] },
  ),
};
