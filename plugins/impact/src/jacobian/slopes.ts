import { pullback } from '@voxhost/sdk';
import type { Course } from './course.js';
import type { Eye } from './eye.js';
import type { Chunk } from './forward.js';
import type { Group } from './group.js';
import { lookBack } from './look.js';
import type { Patches } from './patches.js';
import { differenceSlopes } from './shift-differences.js';

/** Slopes of a group, 0 as yet: of its samples, or of every voxel of their patches. */
export function zeroSlopes({ jacobian }: Course, patches: Patches): Float64Array {
  const dims = jacobian.operation.fixed.grid.size.length;
  const count = jacobian.options.exactPatchJacobian ? patches.voxels : patches.samples;
  return new Float64Array(count * dims);
}

/** Adds to each sample's slope: through the network to its patch, then along the moving image's gradient. */
export async function backward(
  group: Group,
  chunk: Chunk,
  modulators: readonly Float64Array[] | undefined,
): Promise<void> {
  const { slopes, shifted, course } = group;
  if (modulators === undefined || slopes === undefined) return;
  let first = 0;
  for (const [e, eye] of course.jacobian.eyes.entries()) {
    const own = modulators.slice(first, first + eye.layers.length);
    first += eye.layers.length;
    const seen = chunk.seen[e];
    if (seen === undefined) continue;
    if (seen.keep === undefined) {
      if (shifted === undefined) continue;
      const work = { eye, e, samples: chunk.samples, lane: chunk.lane, modulators: own };
      await differenceSlopes(shifted, work, slopes);
      continue;
    }
    const cotangents = own.map((u) => Float32Array.from(u));
    const gradient = await lookBack(eye.moving, eye, seen, cotangents);
    addSlopes(group, { eye, start: group.patches.starts[e], samples: chunk.samples }, gradient);
  }
}

function addSlopes(
  { patches, slopes, course }: Group,
  { eye, start, samples }: { eye: Eye; start: number; samples: readonly number[] },
  gradient: Float32Array,
): void {
  if (slopes === undefined) return;
  const { operation, options } = course.jacobian;
  const dims = operation.fixed.grid.size.length;
  const isExact = options.exactPatchJacobian;
  for (const [i, sample] of samples.entries()) {
    const first = start + sample * eye.voxels;
    for (let p = 0; p < eye.voxels; p++) {
      const weight = gradient[i * eye.voxels + p];
      const voxel = first + (eye.order?.[p] ?? p);
      const to = (isExact ? voxel : sample) * dims;
      for (let a = 0; a < dims; a++) {
        slopes[to + a] += weight * patches.moving[(a + 1) * patches.voxels + voxel];
      }
    }
  }
}

/** From slopes by moving position to the derivative by the map, at the patches' centres or at every voxel. */
export function accumulateSlopes(
  { course, patches, slopes }: Group,
  centres: Float64Array,
  numberOf: (sample: number) => number,
): void {
  const { derivative, jacobian, map } = course;
  if (derivative === undefined || slopes === undefined) return;
  if (map.kind === 'points') {
    const dims = centres.length / patches.samples;
    for (let i = 0; i < slopes.length; i++) {
      derivative[numberOf(Math.floor(i / dims)) * dims + (i % dims)] += slopes[i];
    }
    return;
  }
  const at = jacobian.options.exactPatchJacobian ? patches.points : centres;
  const [pulled] = pullback(map, at, slopes);
  for (let i = 0; i < derivative.length; i++) derivative[i] += pulled[i];
}
