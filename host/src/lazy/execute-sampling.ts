import { totalmem } from 'node:os';
import {
  allocatePixels,
  createImage,
  type Image,
  type Pixels,
  type PixelType,
  pixelTypeFacts,
  type RunOptions,
  requireResampleRun,
  VoxhostError,
  voxelCount,
} from '@voxhost/sdk';
import { withProgress } from '../progress.js';
import type { Provenance, Router, RouteSettings } from '../routing/router.js';
import { VERSION } from '../version.js';
import { chooseForm } from './choose-form.js';
import { copyExact } from './copy-exact.js';
import { operationOf, planSampling, type SamplingTask } from './sampling.js';

/** Who may serve, and how to be told and stopped. */
export interface ExecuteSettings extends RouteSettings, RunOptions {}

/** The same, and where the result goes. */
export interface SamplingSettings extends ExecuteSettings {
  /**
   * The caller's buffer for the output, which becomes the result's data: of its type and length, not the source's
   * memory, of undefined content after a rejection. For whoever resamples again and again: new memory costs more than
   * many a copy. Default new memory.
   */
  readonly into?: Pixels;
}

/** An image, and who made it. */
export interface Sampled {
  readonly image: Image;
  readonly provenance: Provenance;
}

/** Copies made by the host name it as their backend. */
export const HOST_PROVENANCE: Provenance = { backend: 'host', version: VERSION, attempts: [] };

/** Plans the sampling and carries it out: a copy by the host, anything else one run of a backend. */
export async function executeSampling(
  router: Router,
  task: SamplingTask,
  settings: SamplingSettings = {},
): Promise<Sampled> {
  settings.signal?.throwIfAborted();
  return withProgress(settings, (guarded) => carryOut(router, task, guarded));
}

async function carryOut(
  router: Router,
  task: SamplingTask,
  settings: SamplingSettings,
): Promise<Sampled> {
  const plan = planSampling(task);
  const into =
    settings.into ?? allocateOutput(task.pixelType, task.source.channels, task.output.size);
  requireResampleRun(operationOf(task), task.map, { samples: { size: task.output.size }, into });
  if (plan.form === 'copy') {
    const target = { ...task, size: task.output.size };
    copyExact(task.source, plan.rules, target, into);
    settings.progress?.(1);
    return {
      image: createImage(task.output, into, task.source.channels),
      provenance: HOST_PROVENANCE,
    };
  }
  const map = await chooseForm(router, task, settings);
  await using prepared = await router.prepare(operationOf({ ...task, map }), settings);
  const { data, provenance } = await prepared.run(map, {
    samples: { size: task.output.size },
    into,
    ...runOptions(settings),
  });
  return { image: createImage(task.output, data, task.source.channels), provenance };
}

/** The part of the settings that a run takes; absent fields stay absent. */
function runOptions(settings: RunOptions): RunOptions {
  const { signal, progress } = settings;
  return { ...(signal && { signal }), ...(progress && { progress }) };
}

/** Pixels of an output, refused before anything is taken where this machine cannot hold them. Throws `BAD_ARGUMENT`. */
export function allocateOutput(
  pixelType: PixelType,
  channels: number,
  size: readonly number[],
): Pixels {
  const bytes = voxelCount(size) * channels * pixelTypeFacts(pixelType).bytes;
  const available = totalmem();
  if (bytes > available) throw tooLarge(size, bytes, `this machine has ${gigabytes(available)}`);
  try {
    return allocatePixels(pixelType, voxelCount(size) * channels);
  } catch (cause) {
    throw tooLarge(size, bytes, 'no array holds as much', cause);
  }
}

function tooLarge(
  size: readonly number[],
  bytes: number,
  limit: string,
  cause?: unknown,
): VoxhostError {
  const reason = `[${size}] needs ${gigabytes(bytes)}; ${limit}; ask for fewer voxels or a larger spacing`;
  return new VoxhostError('BAD_ARGUMENT', { argument: 'size', reason }, cause);
}

const gigabytes = (bytes: number): string => `${(bytes / 1e9).toPrecision(3)} GB`;
