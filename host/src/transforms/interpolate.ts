import type { AffineMap } from '@voxhost/sdk';
import { betweenEdges, chain, scaling, translation } from '../lazy/matrices.js';
import { interpolatorOfMode } from '../lazy/modes.js';
import type { DeclaredSampling, SpatialPending } from '../lazy/pending.js';
import { sizeOf, type Viewport } from '../lazy/viewport.js';
import { pixelTypeField, type SamplingParams, spatial } from './define.js';

/**
 * A change of size as torch.interpolate makes it: outer edges meet, taps are clamped. Its "nearest" takes
 * floor(i · n / m), its align_corners lets corner centres meet: both are shifts of where samples lie, while
 * the frame says where the voxels are. "nearest-exact" is the nearest voxel, "area" an average.
 */
export function interpolated(
  viewport: Viewport,
  extent: readonly number[],
  params: SamplingParams,
): SpatialPending {
  const operation = spatial(
    viewport,
    betweenEdges(viewport.extent, extent),
    extent,
    methodOf(params),
  );
  const samples = shiftedSamples(operation, viewport, params);
  return samples === undefined ? operation : { ...operation, samples };
}

function methodOf(params: SamplingParams): DeclaredSampling {
  const mode = params.mode ?? 'area';
  const fields = { boundary: { kind: 'nearest' }, ...pixelTypeField(params.dtype) } as const;
  if (mode === 'area') return { mode, method: 'area', ...fields };
  // A later override of the padding reads the mode as that of a sampler, which has no "nearest-exact".
  if (mode === 'nearest-exact') return { mode: 'nearest', method: 'nearest', ...fields };
  if (mode === 'nearest') return { mode, method: 'nearest', ...fields };
  return { mode, method: interpolatorOfMode(mode), ...fields };
}

function shiftedSamples(
  operation: SpatialPending,
  before: Viewport,
  params: SamplingParams,
): AffineMap | undefined {
  const [input, output] = [sizeOf(before), sizeOf(operation.after)];
  if (params.mode === 'nearest') return floorNearest(before.extent, operation.after.extent);
  if (params.align_corners !== true) return undefined;
  const factors = input.map((n, a) => (output[a] > 1 ? (n - 1) / (output[a] - 1) : 0));
  return scaling(
    factors,
    factors.map(() => 0),
  );
}

/**
 * Where the nearest voxel is floor(i · n / m): i · n / m - 0.5, moved on by half of the distance 1 / m
 * between such positions, so that rounding errors cannot fall below a whole one.
 */
function floorNearest(input: readonly number[], output: readonly number[]): AffineMap {
  const factors = input.map((n, a) => n / output[a]);
  const scale = scaling(
    factors,
    factors.map(() => 0),
  );
  return chain(scale, translation(output.map((m) => 0.5 / m - 0.5)));
}
