import type {
  Boundary,
  ContinuousMap,
  Grid,
  Image,
  IndexMap,
  Interpolator,
  PixelType,
} from '@voxhost/sdk';
import {
  affineMap,
  identityMap,
  indexToPhysical,
  invertAffine,
  mapDimensions,
  pointsMap,
  sequenceMap,
  splineOrder,
  then,
} from '@voxhost/sdk';
import type { Router } from '../routing/router.js';
import type { ExecuteSettings, Sampled } from './execute-sampling.js';
import { executeSampling } from './execute-sampling.js';
import type { OutputGridRequest } from './output-grid.js';
import { outputGrid } from './output-grid.js';
import type { SamplingTask } from './sampling.js';
import { smoothForSpline } from './spline-smooth.js';

/** A resample as a caller asks for it: the output grid by `OutputGridRequest`, and where its voxels look. */
export interface ResampleRequest extends OutputGridRequest, ExecuteSettings {
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
  /** False samples the B-spline whose coefficients are the voxels themselves: a smoothing. Default true. */
  readonly prefilter?: boolean;
  /** Default `allowed`. */
  readonly copies?: 'allowed' | 'never';
}

/** Decides what a request means for a source; touches nothing. Throws `BAD_ARGUMENT`. */
export function planResample(source: Image, request: ResampleRequest): SamplingTask {
  const task = interpolatingTask(source, request);
  if (request.prefilter !== false || splineOrder(task.interpolator) === undefined) return task;
  const smoothed = smoothForSpline(source, task.interpolator, task.boundary);
  return {
    ...task,
    source: smoothed.image,
    map: shifted(task.map, smoothed.start),
    copies: 'never',
  };
}

function interpolatingTask(source: Image, request: ResampleRequest): SamplingTask {
  const output = outputGrid(source.grid, request);
  return {
    source,
    output,
    map: request.map ?? betweenGrids(source.grid, output, request.transforms ?? []),
    interpolator: request.interpolator ?? 'linear',
    boundary: request.boundary ?? { kind: 'nearest' },
    pixelType: request.pixelType ?? source.pixelType,
    ...(request.copies && { copies: request.copies }),
  };
}

/** Resamples through the router, or copies where every sample is a voxel. */
export function resampleImage(
  router: Pick<Router, 'prepare'>,
  source: Image,
  request: ResampleRequest,
): Promise<Sampled> {
  return executeSampling(router, planResample(source, request), request);
}

/** Output index to input index, through physical transforms in between. */
export function betweenGrids(
  input: Grid,
  output: Grid,
  transforms: readonly ContinuousMap[],
): ContinuousMap {
  const toPhysical = affineMap(indexToPhysical(output));
  const toIndex = invertAffine(affineMap(indexToPhysical(input)));
  return sequenceMap([toPhysical, ...transforms, toIndex]);
}

/** The map into an image whose first voxel lies at `start` of the old index space, on every axis. */
function shifted(map: IndexMap, start: number): IndexMap {
  if (map.kind === 'points') return pointsMap(map.positions.map((x) => x - start));
  const dims = mapDimensions(map);
  const matrix = identityMap(dims).matrix.map((v, i) => (i % (dims + 1) === dims ? 0 - start : v));
  return then(map, affineMap(matrix));
}
