import { isPerSample } from '../combine.js';
import { overLanes } from '../session/lanes.js';
import type { Course } from './course.js';
import { type Chunk, forgetChunk, forward } from './forward.js';
import type { Group } from './group.js';
import { type Losses, losses } from './losses.js';
import type { Patches } from './patches.js';
import { sampleShifted } from './shift-differences.js';
import { accumulateSlopes, backward, zeroSlopes } from './slopes.js';

/** Patch voxels up to which the workers keep the forward passes of all chunks. */
const KEPT_VOXELS = 2 ** 18;

/** What a group is made of. */
interface Samples {
  readonly patches: Patches;
  /** Fixed indices of the samples. */
  readonly centres: Float64Array;
  /** Number in the run of a sample of the group. */
  readonly numberOf: (sample: number) => number;
  /** Told of each chunk that is done. */
  readonly progress: (share: number) => void;
}

/** Adds a group to the run's sums: the losses of all layers, and the derivative by the map. */
export async function measureGroup(
  course: Course,
  { patches, centres, numberOf, progress }: Samples,
): Promise<void> {
  const { jacobian, derivative, run } = course;
  if (patches.valid.length === 0) return;
  const shifted = derivative && (await sampleShifted(jacobian, patches, run));
  const slopes = derivative && zeroSlopes(course, patches);
  const group: Group = { course, patches, shifted, slopes, progress };
  const chunks = split(patches.valid, jacobian.chunk);
  const isLocal = jacobian.layers.every(isPerSample);
  const parts = await (isLocal ? measureApart(group, chunks) : measureTogether(group, chunks));
  for (const { samples, sums } of parts) {
    course.samples += samples;
    for (const [l, sum] of sums.entries()) course.sums[l] += sum;
  }
  if (derivative !== undefined && slopes !== undefined) accumulateSlopes(group, centres, numberOf);
}

const split = (samples: readonly number[], size: number): readonly (readonly number[])[] =>
  Array.from({ length: Math.ceil(samples.length / size) }, (_, k) =>
    samples.slice(k * size, (k + 1) * size),
  );

const laneCount = ({ course }: Group): number => course.jacobian.eyes[0].moving.open.lanes.length;

type Chunks = readonly (readonly number[])[];

/** Each chunk forward and back on its own; the losses chunk by chunk. */
function measureApart(group: Group, chunks: Chunks): Promise<readonly Losses[]> {
  const { derivative, run } = group.course;
  let done = 0;
  return overLanes(laneCount(group), chunks, async (samples, lane) => {
    run.signal?.throwIfAborted();
    const chunk = await forward(group, { samples, lane, keep: derivative !== undefined });
    const found = losses(group, [chunk]);
    await backward(group, chunk, found.modulators);
    group.progress(++done / chunks.length);
    return found;
  });
}

/** All chunks forward, the losses over all, then all chunks backward; what is too much to keep is run twice. */
async function measureTogether(group: Group, chunks: Chunks): Promise<readonly Losses[]> {
  const { course, patches } = group;
  const wantsBack = course.derivative !== undefined;
  const keeps = wantsBack && patches.valid.length * course.jacobian.voxelsPerSample <= KEPT_VOXELS;
  const kept: Chunk[] = [];
  try {
    const done = await overLanes(laneCount(group), chunks, async (samples, lane) => {
      course.run.signal?.throwIfAborted();
      const chunk = await forward(group, { samples, lane, keep: keeps });
      kept.push(chunk);
      return chunk;
    });
    const found = losses(group, done);
    const { modulators } = found;
    if (modulators !== undefined) await backwardAll(group, done, { keeps, modulators });
    return [found];
  } catch (error) {
    await Promise.all(kept.map((chunk) => forgetChunk(group, chunk)));
    throw error;
  }
}

/** A chunk's kept passes lie with its lane, so every lane takes its own chunks. */
async function backwardAll(
  group: Group,
  chunks: readonly Chunk[],
  { keeps, modulators }: { keeps: boolean; modulators: readonly Float64Array[] },
): Promise<void> {
  const { layers } = group.course.jacobian;
  const lanes = Array.from({ length: laneCount(group) }, (_, lane) => lane);
  const firsts = chunks.map((_, c) => chunks.slice(0, c).reduce((n, k) => n + k.samples.length, 0));
  await overLanes(lanes.length, lanes, async (lane) => {
    for (const [c, chunk] of chunks.entries()) {
      if (chunk.lane !== lane) continue;
      group.course.run.signal?.throwIfAborted();
      const part = modulators.map((all, l) => {
        const { channels } = layers[l];
        const first = firsts[c] * channels;
        return all.subarray(first, first + chunk.samples.length * channels);
      });
      const again = keeps ? chunk : await forward(group, { ...chunk, keep: true });
      await backward(group, again, part);
    }
  });
}
