import { centreIndex } from '../session/holder.js';
import type { Answers, Spot } from '../session/messages.js';
import { gradientName } from '../vjp/split-graphs.js';
import { type Eye, patchDims, type Side } from './eye.js';

/** Features of some patches at their centres, per layer, and what the way back needs. */
export interface Seen {
  readonly rows: readonly Float32Array[];
  /** Dimensions of each layer's whole output. */
  readonly dims: readonly (readonly number[])[];
  readonly lane: number;
  /** Number under which the lane's worker keeps the forward pass. */
  readonly keep: number | undefined;
}

/** Patches as a tensor's values, and where they go. */
export interface View {
  readonly data: Float32Array;
  readonly samples: number;
  readonly lane: number;
  /** Keeps the forward pass for `lookBack`, where there is a way back. */
  readonly keep?: boolean;
}

export async function look(
  side: Side,
  eye: Eye,
  { data, samples, lane, keep }: View,
): Promise<Seen> {
  const { network, lanes } = side.open;
  const { plain, way, engine } = lanes[lane];
  const number = keep === true && way !== undefined ? engine.nextNumber() : undefined;
  const session = number === undefined ? plain : (way?.forward ?? plain);
  const dims = patchDims(side.open, eye, samples);
  const answers: Answers = await session.run({
    feeds: { ...side.feeds, [network.input]: { type: 'float32', dims, data } },
    whole: [],
    centred: network.layers,
    ...(eye.mirrored && { mirrored: eye.mirrored }),
    ...(number !== undefined && { keep: number }),
  });
  const found = network.layers.map((layer) => answers[layer]);
  return {
    rows: found.map((answer) => answer.data),
    dims: found.map((answer) => answer.whole ?? []),
    lane,
    keep: number,
  };
}

/** Drops a kept forward pass that nobody will look back through. */
export async function forget(side: Side, { lane, keep }: Seen): Promise<void> {
  if (keep !== undefined) await side.open.lanes[lane].engine.forget(keep);
}

/**
 * Derivative by the voxels that the network saw, [n, voxel], of Σ cotangents · features at the centres; over
 * the repeated channels it is summed.
 *
 * @param cotangents - rows [n, C] per layer
 */
export async function lookBack(
  side: Side,
  eye: Eye,
  seen: Seen,
  cotangents: readonly Float32Array[],
): Promise<Float32Array> {
  const { network, lanes } = side.open;
  const { way } = lanes[seen.lane];
  if (way === undefined || seen.keep === undefined) throw new Error('no forward pass was kept');
  const spots: Record<string, Spot> = {};
  for (const [l, layer] of network.layers.entries()) {
    const dims = seen.dims[l];
    const at = centreIndex(dims, eye.mirrored);
    spots[gradientName(layer)] = { dims, at, rows: cotangents[l] };
  }
  const { [way.gradient]: answer } = await way.backward.run({
    feeds: {},
    spots,
    reuse: seen.keep,
    whole: [way.gradient],
    centred: [],
  });
  return network.channels === 1 ? answer.data : summedChannels(answer.data, network.channels, eye);
}

function summedChannels(data: Float32Array, channels: number, { voxels }: Eye): Float32Array {
  const sums = new Float32Array(data.length / channels);
  for (let i = 0; i < data.length; i++) {
    const sample = Math.floor(i / (channels * voxels));
    sums[sample * voxels + (i % voxels)] += data[i];
  }
  return sums;
}
