import type { RandomTransform } from '../lazy/transform.js';
import type { SamplingParams } from './define.js';
import { modesOf, type Range, randomly, within } from './randomly.js';
import { rotate } from './rotate.js';
import { rotate90 } from './rotate90.js';

export type RandRotateParams = SamplingParams & {
  /** Radians; the only one in 2-D. Default 0. */
  readonly range_x?: Range;
  readonly range_y?: Range;
  readonly range_z?: Range;
  /** Default 0.1. */
  readonly prob?: number;
  readonly keep_size?: boolean;
};

/** Turns by drawn angles, or not. */
export function randRotate(params: RandRotateParams = {}): RandomTransform {
  const { prob = 0.1, keep_size = true } = params;
  return randomly('RandRotate', params, prob, (random, viewport) => {
    const angles = [params.range_x, params.range_y, params.range_z].map((r) => within(random, r));
    const angle = viewport.extent.length === 2 ? angles.slice(0, 1) : angles;
    return (modes) => [rotate({ ...modesOf(modes, params), angle, keep_size })];
  });
}

export type RandRotate90Params = {
  readonly prob?: number;
  /** Quarter turns are drawn from 1 to this. Default 3. */
  readonly max_k?: number;
  readonly spatial_axes?: readonly [number, number];
};

/** Turns by quarters, or not. */
export function randRotate90(params: RandRotate90Params = {}): RandomTransform {
  const { prob = 0.1, max_k = 3, spatial_axes = [0, 1] } = params;
  return randomly('RandRotate90', params, prob, (random) => {
    const k = 1 + random.below(max_k);
    return () => [rotate90({ k, spatial_axes })];
  });
}
