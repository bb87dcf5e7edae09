import type { RunOptions } from '@voxhost/sdk';
import type { Jacobian } from './course.js';
import type { Eye } from './eye.js';
import { look } from './look.js';
import { type Patches, patchTensor } from './patches.js';

/**
 * The derivative of a network that cannot be differentiated: only the three shifts of each patch matter, since
 * the map is differentiated at its centre. Central differences over two more forward passes per axis.
 */
export interface ShiftedPatches {
  /** Moving voxels from the patch to its shifted copies. */
  readonly step: number;
  readonly patches: Patches;
  /** Per axis, the values of all patches shifted up and down. */
  readonly values: readonly (readonly [up: Float32Array, down: Float32Array])[];
}

/** In moving voxels: below it float32 noise shows, above it the kinks of the network. */
const STEP = 5e-3;

/** Nothing is sampled when every network has its way back. */
export async function sampleShifted(
  { eyes, samplers, operation }: Jacobian,
  patches: Patches,
  { signal }: RunOptions,
): Promise<ShiftedPatches | undefined> {
  if (eyes.every((eye) => eye.moving.open.hasWay)) return undefined;
  const dims = operation.moving.grid.size.length;
  const options = signal === undefined ? {} : { signal };
  const shifted = async (axis: number, step: number): Promise<Float32Array> => {
    const positions = patches.positions.slice();
    for (let at = axis; at < positions.length; at += dims) positions[at] += step;
    const values = await samplers.moving(positions, options);
    return values.subarray(0, patches.voxels);
  };
  const values: [Float32Array, Float32Array][] = [];
  for (let axis = 0; axis < dims; axis++) {
    values.push([await shifted(axis, STEP), await shifted(axis, -STEP)]);
  }
  return { step: STEP, patches, values };
}

/** Adds Σ_c modulator · (feature up - feature down) / 2h to each sample's slopes. */
export async function differenceSlopes(
  { step, patches, values }: ShiftedPatches,
  work: {
    readonly eye: Eye;
    readonly e: number;
    readonly samples: readonly number[];
    readonly lane: number;
    readonly modulators: readonly Float64Array[];
  },
  slopes: Float64Array,
): Promise<void> {
  const { eye, e, samples, lane, modulators } = work;
  const { channels } = eye.moving.open.network;
  const rowsOf = async (shifted: Float32Array) => {
    const data = patchTensor(shifted, eye, patches.starts[e], { samples, channels });
    return (await look(eye.moving, eye, { data, samples: samples.length, lane })).rows;
  };
  for (const [axis, [up, down]] of values.entries()) {
    const above = await rowsOf(up);
    const below = await rowsOf(down);
    for (const [l, modulator] of modulators.entries()) {
      const width = eye.layers[l].channels;
      for (let i = 0; i < modulator.length; i++) {
        const slope = (modulator[i] * (above[l][i] - below[l][i])) / (2 * step);
        slopes[samples[Math.floor(i / width)] * values.length + axis] += slope;
      }
    }
  }
}
