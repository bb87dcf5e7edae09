import { createImage, type Image, type PixelType, pixelTypeFacts, voxelCount } from '@voxhost/sdk';
import {
  machineMemory,
  type ReadOptions,
  readFrameGroups,
  type VolumeHeader,
  writeFrames,
} from '../io/index.js';
import { executeSampling } from '../lazy/execute-sampling.js';
import type { SamplingTask } from '../lazy/sampling.js';
import type { Provenance, Router } from '../routing/router.js';

/** A 4-D file to resample frame by frame, and where to. */
export interface FramesJob {
  readonly input: string;
  readonly output: string;
  readonly header: VolumeHeader;
  /** Of the first frame: all lie on one grid, so its map and its output are those of all. */
  readonly task: SamplingTask;
  /** Frames at a time; as many as fit into memory when absent. */
  readonly atOnce: number | undefined;
  readonly shear: 'refuse' | 'keep';
  readonly watch: Pick<ReadOptions, 'signal' | 'progress' | 'warn'>;
}

/** Whether a file is 4-D with one number per voxel, so that its frames can be taken one after the other. */
export const hasFrames = ({ frames, components, grid }: VolumeHeader): boolean =>
  frames > 1 && components === 1 && grid.size.length === 3;

/** Reads, resamples and writes a 4-D file group by group; gives who served the last. */
export async function resampleFrames(host: Router, job: FramesJob): Promise<Provenance> {
  const { header, task, output, watch } = job;
  const { warn: _, ...writing } = watch;
  const served: Provenance[] = [];
  await writeFrames(
    {
      grid: task.output,
      pixelType: task.pixelType,
      count: header.frames,
      frames: sampledFrames(host, job, (by) => void served.push(by)),
    },
    output,
    { ...writing, frameSpacing: header.frameSpacing },
  );
  return served[served.length - 1];
}

async function* sampledFrames(
  host: Router,
  { input, header, task, atOnce, shear, watch }: FramesJob,
  tell: (by: Provenance) => void,
): AsyncGenerator<Image> {
  const { signal, warn } = watch;
  const most = atOnce ?? framesThatFit(header, task, machineMemory());
  const options = { shear, ...(signal && { signal }), ...(warn && { warn }) };
  for await (const { image } of readFrameGroups(input, most, options)) {
    const sampled = await executeSampling(
      host,
      { ...task, source: image },
      { ...(signal && { signal }) },
    );
    tell(sampled.provenance);
    yield* framesOf(sampled.image);
  }
}

/** Part of the memory for a group and its output: a backend may hold a copy of both. */
const SHARE = 1 / 4;

/** Frames whose input and output fit into that part of `memory` together; at least one. */
export function framesThatFit(
  header: VolumeHeader,
  { source, output, pixelType }: SamplingTask,
  memory: number,
): number {
  const bytes = (size: readonly number[], type: PixelType) =>
    voxelCount(size) * pixelTypeFacts(type).bytes;
  const perFrame = bytes(header.grid.size, source.pixelType) + bytes(output.size, pixelType);
  return Math.max(1, Math.min(header.frames, Math.floor((memory * SHARE) / perFrame)));
}

function* framesOf({ grid, data, channels }: Image): Generator<Image> {
  const voxels = voxelCount(grid.size);
  for (let c = 0; c < channels; c++) {
    yield createImage(grid, data.subarray(c * voxels, (c + 1) * voxels));
  }
}
