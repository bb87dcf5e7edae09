import { createImage, type Image, type PixelType, toPixelValue, voxelCount } from '@voxhost/sdk';
import type { Provenance, Router } from '../routing/router.js';
import { addNoise } from './add-noise.js';
import { averageImage } from './average.js';
import {
  allocateOutput,
  type ExecuteSettings,
  executeSampling,
  HOST_PROVENANCE,
  type Sampled,
} from './execute-sampling.js';
import { padImage } from './pad-image.js';
import type { Step } from './step.js';

/** Who computes, and how to be told and stopped. */
export interface Executor {
  readonly router: Router;
  readonly settings: ExecuteSettings;
}

/** An image and who made it, one provenance per step. */
export interface Executed {
  readonly image: Image;
  readonly provenances: readonly Provenance[];
}

/** Carries steps out one after another; nothing but the last image outlives the call. */
export async function executeSteps(
  source: Image,
  steps: readonly Step[],
  executor: Executor,
): Promise<Executed> {
  let image = source;
  const provenances: Provenance[] = [];
  for (const step of steps) {
    executor.settings.signal?.throwIfAborted();
    const done = await executeStep(image, step, executor);
    image = done.image;
    provenances.push(done.provenance);
  }
  return { image, provenances };
}

async function executeStep(source: Image, step: Step, executor: Executor): Promise<Sampled> {
  switch (step.kind) {
    case 'sample':
      return step.tails.length === 0 ? sample(source, step, executor) : sum(source, step, executor);
    case 'average':
      return {
        image: averageImage(source, step.output, step.pixelType),
        provenance: HOST_PROVENANCE,
      };
    case 'pad':
      return { image: padImage(source, step, step.fill), provenance: HOST_PROVENANCE };
    case 'pointwise':
      return { image: pointwise(source, step.operation), provenance: HOST_PROVENANCE };
    default:
      return step satisfies never;
  }
}

type SampleStep = Step & { readonly kind: 'sample' };

const sample = (
  source: Image,
  step: SampleStep,
  { router, settings }: Executor,
): Promise<Sampled> =>
  executeSampling(
    router,
    { source, map: step.map, output: step.output, copies: step.copies, ...step.modes },
    settings,
  );

/** Samples in float64, adds and scales in the order of the pipeline, rounds once. */
async function sum(source: Image, step: SampleStep, executor: Executor): Promise<Sampled> {
  const inFloat = { ...step, modes: { ...step.modes, pixelType: 'float64' as const } };
  const { image, provenance } = await sample(source, inFloat, executor);
  const values = image.data as Float64Array;
  for (const tail of step.tails) {
    if (tail.kind === 'intensity') {
      for (let i = 0; i < values.length; i++) values[i] = tail.scale * values[i] + tail.shift;
    } else {
      await addNoise(values, tail, { ...step, channels: source.channels }, executor);
    }
  }
  return { image: rounded(image, step.modes.pixelType), provenance };
}

function rounded(image: Image, pixelType: PixelType): Image {
  if (image.pixelType === pixelType) return image;
  const into = allocateOutput(pixelType, image.channels, image.grid.size);
  for (let i = 0; i < into.length; i++) into[i] = toPixelValue(image.data[i], pixelType);
  return createImage(image.grid, into, image.channels);
}

/** Changes a float copy; the result has the operation's pixel type, or the source's. */
function pointwise(source: Image, operation: PointwiseStep['operation']): Image {
  const { channels, grid } = source;
  const values = Float64Array.from(source.data);
  const length = operation.each === 'channel' ? voxelCount(grid.size) : values.length;
  for (let at = 0; at < values.length; at += length) {
    operation.apply(values.subarray(at, at + length));
  }
  const pixelType = operation.pixelType ?? source.pixelType;
  return rounded(createImage(grid, values, channels), pixelType);
}

type PointwiseStep = Step & { readonly kind: 'pointwise' };
