import { type IndexMap, locateAll, type RunOptions } from '@voxhost/sdk';
import { patchPoints } from '../sampling/patch-points.js';
import type { Random } from '../sampling/random.js';
import type { Eye } from './eye.js';
import type { Samplers } from './samplers.js';

/** The patches of some samples, sampled: eye by eye, sample by sample, voxel by voxel. */
export interface Patches {
  readonly samples: number;
  /** First voxel of each eye. */
  readonly starts: readonly number[];
  readonly voxels: number;
  /** Fixed indices of all voxels. */
  readonly points: Float64Array;
  /** Moving indices of all voxels. */
  readonly positions: Float64Array;
  readonly fixed: Float32Array;
  /** Values, then a plane of derivatives per moving axis if they are wanted. */
  readonly moving: Float32Array;
  /** Samples all of whose voxels, in every eye, are inside and finite. */
  readonly valid: readonly number[];
}

/** What one group of samples is sampled for. */
export interface PatchRequest {
  readonly eyes: readonly Eye[];
  readonly samplers: Samplers;
  readonly spacing: readonly number[];
  readonly random: Random;
  readonly run: RunOptions;
}

/** Three runs of the resampler, for any number of models and samples. */
export async function samplePatches(
  { eyes, samplers, spacing, random, run }: PatchRequest,
  map: IndexMap,
  centres: Float64Array,
): Promise<Patches> {
  const dims = spacing.length;
  const samples = centres.length / dims;
  const perEye = eyes.map((eye) => patchPoints(centres, spacing, eye.patch, random));
  const points = joined(perEye);
  const voxels = points.length / dims;
  const starts = eyes.map((_, e) => perEye.slice(0, e).reduce((n, p) => n + p.length / dims, 0));
  const positions = locateAll(map, { points }, dims);
  const { signal } = run;
  const options = signal === undefined ? {} : { signal };
  const inside = await samplers.inside(positions, options);
  const fixed = await samplers.fixed(points, options);
  const moving = await samplers.moving(positions, options);
  const isGood = (sample: number): boolean =>
    eyes.every((eye, e) => {
      const first = starts[e] + sample * eye.voxels;
      for (let v = first; v < first + eye.voxels; v++) {
        if (inside[v] === 0 || !Number.isFinite(fixed[v] + moving[v])) return false;
      }
      return true;
    });
  const valid = Array.from({ length: samples }, (_, n) => n).filter(isGood);
  return { samples, starts, voxels, points, positions, fixed, moving, valid };
}

function joined(parts: readonly Float64Array[]): Float64Array {
  if (parts.length === 1) return parts[0];
  const all = new Float64Array(parts.reduce((n, part) => n + part.length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}

/** The tensor [n, C, (z,) y, x] of some samples' patches as the eye sees them, the grey channel repeated. */
export function patchTensor(
  values: Float32Array,
  eye: Eye,
  start: number,
  { samples, channels }: { samples: readonly number[]; channels: number },
): Float32Array {
  const data = new Float32Array(samples.length * channels * eye.voxels);
  for (const [i, sample] of samples.entries()) {
    const first = start + sample * eye.voxels;
    const patch = turned(values.subarray(first, first + eye.voxels), eye);
    for (let c = 0; c < channels; c++) data.set(patch, (i * channels + c) * eye.voxels);
  }
  return data;
}

const turned = (patch: Float32Array, { order }: Eye): Float32Array =>
  order === undefined ? patch : Float32Array.from(order, (at) => patch[at]);
