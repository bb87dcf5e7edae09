import { voxelCount } from '../../grid.js';
import type { Image } from '../../image.js';
import type { PerSample } from '../../map/locate-all.js';
import type { Metric } from '../../operation.js';
import type { Breathe } from '../../runs/breather.js';
import type { Sampler } from '../sampler.js';

/** Where the samples of a run lie. */
export interface Sites {
  readonly dims: number;
  readonly count: number;
  /** In fixed index space. */
  readonly index: PerSample;
  /** In moving index space. */
  readonly position: PerSample;
}

/** Both images' values at every sample, channel by channel, and which samples count. */
export interface Gathered {
  readonly valid: Uint8Array;
  readonly fixed: readonly Float64Array[];
  readonly moving: readonly Float64Array[];
}

/** What reads the two images; both are NaN beyond their buffers. */
export interface Readers {
  readonly fixed: Sampler;
  readonly moving: Sampler;
}

const BREATH = 2048;

/**
 * A sample counts when it is inside the fixed image and mask, its mapped point inside the moving image and
 * mask, and all its values are finite.
 */
export async function gather(
  operation: Metric,
  readers: Readers,
  sites: Sites,
  breathe: Breathe,
): Promise<Gathered> {
  const { channels, grid } = operation.fixed;
  const planes = (): Float64Array[] =>
    Array.from({ length: channels }, () => new Float64Array(sites.count));
  const gathered = { valid: new Uint8Array(sites.count), fixed: planes(), moving: planes() };
  const [index, position] = [grid.size, grid.size].map((size) => new Float64Array(size.length));
  const [f, m] = [new Float64Array(channels), new Float64Array(channels)];
  for (let n = 0; n < sites.count; n++) {
    if (n % BREATH === 0) await breathe(n / sites.count);
    sites.index(n, index);
    if (!isInsideMask(operation.fixedMask, index)) continue;
    readers.fixed.sample(index, f);
    sites.position(n, position);
    readers.moving.sample(position, m);
    if (!f.every(Number.isFinite) || !m.every(Number.isFinite)) continue;
    if (!isInsideMask(operation.movingMask, position)) continue;
    gathered.valid[n] = 1;
    for (let c = 0; c < channels; c++) {
      gathered.fixed[c][n] = f[c];
      gathered.moving[c][n] = m[c];
    }
  }
  return gathered;
}

/** Non-zero at the nearest voxel, ties up; false beyond the mask. */
function isInsideMask(mask: Image | undefined, index: Float64Array): boolean {
  if (mask === undefined) return true;
  const { size } = mask.grid;
  let at = 0;
  let stride = 1;
  for (let a = 0; a < size.length; a++) {
    const nearest = Math.floor(index[a] + 0.5);
    if (!(nearest >= 0 && nearest < size[a])) return false;
    at += nearest * stride;
    stride *= size[a];
  }
  return at < voxelCount(size) && mask.data[at] !== 0;
}
