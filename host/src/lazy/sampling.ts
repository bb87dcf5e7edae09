import {
  type Boundary,
  type Grid,
  type Image,
  type IndexMap,
  type Interpolator,
  mapShape,
  type PixelType,
  type Resample,
  voxelCount,
} from '@voxhost/sdk';
import { type AxisRule, exactRules, isSeparable, keepsVoxels } from './exact-map.js';

/** How values come about, wherever they lie. */
export interface SamplingModes {
  readonly interpolator: Interpolator;
  readonly boundary: Boundary;
  /** Of the output. */
  readonly pixelType: PixelType;
}

/** One consolidated sampling of one image: the output voxel x has the value of the source at `map`(x). */
export interface SamplingTask extends SamplingModes {
  readonly source: Image;
  /** Output index to source index. */
  readonly map: IndexMap;
  readonly output: Grid;
  /** `never` interpolates where a copy would do, for comparison. Default `allowed`. */
  readonly copies?: 'allowed' | 'never';
}

/** The cheapest exact form of a sampling, and why it is possible. */
export type SamplingPlan =
  | { readonly form: 'copy'; readonly why: string; readonly rules: readonly AxisRule[] }
  | {
      readonly form: 'separable' | 'affine' | 'field' | 'sequence' | 'points';
      readonly why: string;
      readonly operation: Resample;
      readonly map: IndexMap;
    };

/** Decides; touches nothing. */
export function planSampling(task: SamplingTask): SamplingPlan {
  const { map, output } = task;
  const mayCopy = task.copies !== 'never' && keepsVoxels(task.interpolator);
  const rules = mayCopy ? exactRules(map, output.size) : undefined;
  if (rules !== undefined) {
    return { form: 'copy', why: 'every sample is a voxel of the source', rules };
  }
  return { ...describeForm(map, output.size.length), operation: operationOf(task), map };
}

function describeForm(
  map: IndexMap,
  dims: number,
): { form: 'separable' | 'affine' | 'field' | 'sequence' | 'points'; why: string } {
  switch (map.kind) {
    case 'affine':
      return isSeparable(map.matrix, dims)
        ? { form: 'separable', why: 'every input axis follows one output axis' }
        : { form: 'affine', why: 'one matrix, no grid' };
    case 'field':
      return { form: 'field', why: 'one lattice with its matrices' };
    case 'sequence':
      return { form: 'sequence', why: `${map.maps.length} fields, composed at every voxel` };
    case 'points':
      return { form: 'points', why: 'positions are given' };
    default:
      return map satisfies never;
  }
}

/** What a backend is asked to prepare. */
export function operationOf(task: SamplingTask): Resample {
  const { source, interpolator, boundary, pixelType, map, output } = task;
  const perRun = voxelCount(output.size);
  const demand = { maps: [mapShape(map)], samples: 'grid', perRun, runs: 1 } as const;
  return { kind: 'resample', source, interpolator, boundary, pixelType, gradient: false, demand };
}
