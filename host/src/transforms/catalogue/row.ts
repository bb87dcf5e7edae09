import type { Params, Transform } from '../../lazy/transform.js';
import type { Checks } from '../check-params.js';
import { requireParams } from '../require-params.js';

/** A transform by MONAI's name: how it is made, and what its parameters must be. */
export interface CatalogueRow {
  /** `sources` are the entries of a dictionary whose voxels decide, where some do. */
  readonly create: (params: Params, sources: readonly string[]) => Transform;
  readonly checks: Checks;
  readonly required: readonly string[];
  /** Parameters of the dictionary form that name the entries whose voxels decide. */
  readonly sources: readonly string[];
}

/** Rows by MONAI's names of the transforms. */
export type CatalogueRows = { readonly [name: string]: CatalogueRow };

interface RowExtras {
  readonly required?: readonly string[];
  readonly sources?: readonly string[];
}

/** The one place where checked parameters become typed ones. */
export const row = <P extends Params>(
  create: (params: P, sources: readonly string[]) => Transform,
  checks: Checks,
  { required = [], sources = [] }: RowExtras = {},
): CatalogueRow => ({
  create: (params, named) => create(requireParams(params, { checks, required }) as P, named),
  checks,
  required,
  sources,
});
