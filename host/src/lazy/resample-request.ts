import type {
  Boundary,
  ContinuousMap,
  Image,
  IndexMap,
  Interpolator,
  PixelType,
} from '@voxhost/sdk';
import { requireImage, requireSampling } from '../routing/operation-problem.js';
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

/** Decides what a request means for a source; touches nothing. Throws `BAD_ARGUMENT`, `BAD_GRID` or `BAD_IMAGE`. */
export function planResample(source: Image, request: ResampleRequest): SamplingTask {
  requireImage('image', source);
  const output = outputGrid(source.grid, request);
  const { interpolator = 'linear', boundary = { kind: 'nearest' } } = request;
  const { pixelType = source.pixelType } = request;
  requireSampling({ interpolator, boundary, pixelType });
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
