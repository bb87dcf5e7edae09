import type { RandomTransform } from '../lazy/transform.js';
import { bad, perAxis, type SamplingParams } from './define.js';
import { modesOf, randomly } from './randomly.js';
import { zoom } from './zoom.js';

export type RandZoomParams = SamplingParams & {
  readonly prob?: number;
  /** One factor for all axes, or one range per axis. Default 0.9. */
  readonly min_zoom?: number | readonly number[];
  /** Default 1.1. */
  readonly max_zoom?: number | readonly number[];
  readonly keep_size?: boolean;
};

/** Scales the object by drawn factors, or not. */
export function randZoom(params: RandZoomParams = {}): RandomTransform {
  const { prob = 0.1, min_zoom = 0.9, max_zoom = 1.1, keep_size = true } = params;
  return randomly('RandZoom', params, prob, (random, viewport) => {
    const dims = viewport.extent.length;
    const least = typeof min_zoom === 'number' ? [min_zoom] : min_zoom;
    const most = typeof max_zoom === 'number' ? [max_zoom] : max_zoom;
    if (least.length !== most.length) throw bad('min_zoom', 'and max_zoom differ in length');
    const factors = perAxis(
      least.map((low, a) => random.uniform(low, most[a])),
      dims,
    );
    return (modes) => [zoom({ ...modesOf(modes, params), zoom: factors, keep_size })];
  });
}
