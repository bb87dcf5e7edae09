import type {
  Boundary,
  ContinuousMap,
  Image,
  IndexMap,
  Interpolator,
  PixelType,
} from '@voxhost/sdk';
import { requireMap } from '@voxhost/sdk';
import {
  listOf,
  numbers,
  object,
  oneOf,
  optional,
  pixels,
  record,
  requireArgument,
  text,
} from '@voxhost/sdk/arguments';
import { RUN_RULES, type RulesOf, requireImage } from '../request-rules.js';
import { requireSampling } from '../routing/operation-problem.js';
import { ROUTE_RULES } from '../routing/route-rules.js';
import type { Router } from '../routing/router.js';
import { betweenGrids } from './between-grids.js';
import { executeSampling, type Sampled, type SamplingSettings } from './execute-sampling.js';
import { type OutputGridRequest, outputGrid } from './output-grid.js';
import type { SamplingTask } from './sampling.js';

/** A resample as a caller asks for it: the output grid by `OutputGridRequest`, and where its voxels look. */
export interface ResampleRequest extends OutputGridRequest, SamplingSettings {
  /**
   * Applied first to last, physical point of the output to physical point of the input, LPS millimetres:
   * a field's lookup takes a physical point to a lattice index. Default none.
   */
  readonly transforms?: readonly ContinuousMap[];
  /** Output index to input index, instead of grids and transforms deciding it. */
  readonly map?: IndexMap;
  /** Default `linear`. */
  readonly interpolator?: Interpolator;
  /** Default `nearest`: the edge goes on. */
  readonly boundary?: Boundary;
  /** Default the source's. */
  readonly pixelType?: PixelType;
  /** Default `allowed`. */
  readonly copies?: 'allowed' | 'never';
}

const REQUEST = record({
  ...ROUTE_RULES,
  ...RUN_RULES,
  into: optional(pixels),
  spacing: optional(numbers),
  size: optional(numbers),
  like: optional(object),
  orientation: optional(text),
  transforms: optional(listOf(object)),
  map: optional(object),
  interpolator: optional(text),
  boundary: optional(object),
  pixelType: optional(text),
  copies: optional(oneOf('allowed', 'never')),
} satisfies RulesOf<ResampleRequest>);

/** Decides what a request means for a source; touches nothing. Throws `BAD_ARGUMENT`, `BAD_GRID` or `BAD_IMAGE`. */
export function planResample(source: Image, request: ResampleRequest): SamplingTask {
  requireImage('image', source);
  requireArgument('request', request, REQUEST);
  const output = outputGrid(source.grid, request);
  const { interpolator = 'linear', boundary = { kind: 'nearest' } } = request;
  const { pixelType = source.pixelType } = request;
  requireSampling({ interpolator, boundary, pixelType });
  if (request.map !== undefined) requireMap(request.map, source.grid.size.length);
  return {
    source,
    output,
    map: request.map ?? betweenGrids(source.grid, output, request.transforms ?? []),
    interpolator,
    boundary,
    pixelType,
    ...(request.copies && { copies: request.copies }),
  };
}

/** Resamples through the router, or copies where every sample is a voxel. */
export async function resampleImage(
  router: Router,
  source: Image,
  request: ResampleRequest,
): Promise<Sampled> {
  return executeSampling(router, planResample(source, request), request);
}
