import type { AffineMap, FieldMap, IndexMap, PointsMap } from '../../index-map.js';
import { parameterCount } from '../../map/evaluate.js';
import { followMember } from '../../map/follower.js';
import type { Breathe } from '../../runs/breather.js';
import type { Sampler } from '../sampler.js';
import type { Sites } from './gather.js';

const BREATH = 2048;

/**
 * The chain rule from the moving values to the map: Σ_n Σ_c slopes[c][n] · ∂m_c/∂position · ∂position/∂parameters.
 * Undefined for a sequence, which has no parameters of its own. A sample whose value is finite but whose slope is not, at a
 * voxel beside a NaN, adds nothing.
 *
 * @param slopes - derivative of the loss by each moving value, channel by channel
 */
export async function mapDerivative(
  map: IndexMap,
  moving: Sampler,
  sites: Sites,
  { slopes, breathe }: { readonly slopes: readonly Float64Array[]; readonly breathe: Breathe },
): Promise<Float64Array | undefined> {
  if (map.kind === 'sequence') return undefined;
  const accumulator = accumulatorOf(map, sites.dims);
  const { channels } = moving;
  const { dims } = sites;
  const values = new Float64Array(channels * (1 + dims));
  const [index, position] = [new Float64Array(dims), new Float64Array(dims)];
  const cotangent = new Float64Array(dims);
  for (let n = 0; n < sites.count; n++) {
    if (n % BREATH === 0) await breathe(n / sites.count);
    if (slopes.every((slope) => slope[n] === 0)) continue;
    sites.index(n, index);
    sites.position(n, position);
    moving.sample(position, values);
    cotangent.fill(0);
    for (let a = 0; a < dims; a++) {
      for (let c = 0; c < channels; c++) {
        const slope = values[(1 + a) * channels + c];
        if (Number.isFinite(slope)) cotangent[a] += slopes[c][n] * slope;
      }
    }
    accumulator.add(n, index, cotangent);
  }
  return accumulator.derivative;
}

interface Accumulator {
  readonly derivative: Float64Array;
  add(sample: number, index: Float64Array, cotangent: Float64Array): void;
}

/** Sums what each sample's cotangent says of the map's free parameters. */
function accumulatorOf(map: AffineMap | FieldMap | PointsMap, dims: number): Accumulator {
  if (map.kind === 'points') {
    const derivative = new Float64Array(map.positions.length);
    return { derivative, add: (sample, _, cotangent) => derivative.set(cotangent, sample * dims) };
  }
  const derivative = new Float64Array(parameterCount(map));
  const member = followMember(map);
  return {
    derivative,
    add: (_, index, cotangent) => member.accumulate(index, cotangent, derivative),
  };
}
