import { CROPS_AND_PADS } from './catalogue/crops-and-pads.js';
import { FIELDS } from './catalogue/fields.js';
import { GEOMETRY } from './catalogue/geometry.js';
import { RANDOM } from './catalogue/random.js';
import type { CatalogueRows } from './catalogue/row.js';
import { SAMPLES } from './catalogue/samples.js';
import { VALUES } from './catalogue/values.js';

/** Every transform that a PIPELINE.json or a trace can name, containers aside. */
export const CATALOGUE: CatalogueRows = {
  ...GEOMETRY,
  ...CROPS_AND_PADS,
  ...FIELDS,
  ...VALUES,
  ...RANDOM,
  ...SAMPLES,
};
