import type { Session } from '../session/engine.js';
import { centreIndex } from '../session/holder.js';
import type { Answers, PlainTensor, Spot } from '../session/messages.js';
import { gradientName } from '../vjp/differentiate.js';
import { type Eye, patchDims, type Side } from './eye.js';

/** Features of some patches at their centres, per layer, and what the way back needs. */
export interface Seen {
  readonly rows: readonly Float32Array[];
  /** Dimensions of each layer's whole output. */
  readonly dims: readonly (readonly number[])[];
  /** Number under which the worker keeps the forward pass. */
  readonly keep: number | undefined;
}

const inputOf = (side: Side, eye: Eye, samples: number, data: Float32Array): PlainTensor => ({
  type: 'float32',
  dims: patchDims(side, eye.patch, samples),
  data,
});

/** @param keep - keeps the forward pass under this number, for `lookBack` */
export async function look(
  side: Side,
  eye: Eye,
  { data, samples }: { data: Float32Array; samples: number },
  keep?: number,
): Promise<Seen> {
  const { network, plain, way } = side.open;
  const session: Session = keep !== undefined && way !== undefined ? way.forward : plain;
  const answers: Answers = await session.run({
    feeds: { ...side.feeds, [network.input]: inputOf(side, eye, samples, data) },
    whole: [],
    centred: network.layers,
    ...(keep !== undefined && way !== undefined && { keep }),
  });
  const found = network.layers.map((layer) => answers[layer]);
  return {
    rows: found.map((answer) => answer.data),
    dims: found.map((answer) => answer.whole ?? []),
    keep: way === undefined ? undefined : keep,
  };
}

/**
 * Derivative by the patches' voxels, [n, voxel], of Σ cotangents · features at the centres; over the
 * repeated channels it is summed.
 *
 * @param cotangents - rows [n, C] per layer
 */
export async function lookBack(
  side: Side,
  eye: Eye,
  seen: Seen,
  cotangents: readonly Float32Array[],
): Promise<Float32Array> {
  const { network, way } = side.open;
  if (way === undefined || seen.keep === undefined) throw new Error('no forward pass was kept');
  const spots: Record<string, Spot> = {};
  for (const [l, layer] of network.layers.entries()) {
    const dims = seen.dims[l];
    spots[gradientName(layer)] = { dims, at: centreIndex(dims), rows: cotangents[l] };
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
