import {
  type Context,
  type Demand,
  type Image,
  type Interpolator,
  type Metric,
  type Prepared,
  pointsMap,
  type RunOptions,
} from '@voxhost/sdk';
import { insideImage } from '../sampling/masks.js';

/**
 * The three ways that Jacobian mode looks into images, each one run for all patches. Every one takes the
 * positions themselves (x y z of each voxel), so that a map is followed once and any resampler will do.
 */
export interface Samplers extends AsyncDisposable {
  /** Values at fixed indices. */
  fixed(points: Float64Array, run: RunOptions): Promise<Float32Array>;
  /** Values at moving indices, then planes of derivatives by the index if the metric has them. */
  moving(points: Float64Array, run: RunOptions): Promise<Float32Array>;
  /** 1 at moving indices inside the buffer and the mask, else 0. */
  inside(points: Float64Array, run: RunOptions): Promise<Uint8Array>;
}

/** @param demand - what runs will ask of each sampler */
export async function prepareSamplers(
  context: Context,
  operation: Metric,
  demand: Demand,
  signal?: AbortSignal,
): Promise<Samplers> {
  const { fixed, moving } = operation;
  const open: Prepared<'resample'>[] = [];
  const prepare = async (source: Image, kind: Sampling): Promise<Prepared<'resample'>> => {
    const prepared = await context.prepare(
      {
        kind: 'resample',
        source,
        interpolator: kind.interpolator,
        boundary: kind.isFlag ? { kind: 'buffer', value: 0 } : { kind: 'mirror' },
        pixelType: kind.isFlag ? 'uint8' : 'float32',
        gradient: kind.gradient === true,
        demand,
      },
      signal,
    );
    open.push(prepared);
    return prepared;
  };
  const { fixedInterpolator, movingInterpolator: interpolator, derivative: gradient } = operation;
  const ofFixed = await prepare(fixed, { interpolator: fixedInterpolator });
  const ofMoving = await prepare(moving, { interpolator, gradient });
  const mask = insideImage(moving, operation.movingMask);
  const ofInside = await prepare(mask, { interpolator: 'nearest', isFlag: true });
  const sample = async (prepared: Prepared<'resample'>, points: Float64Array, run: RunOptions) => {
    const { data } = await prepared.run(pointsMap(points), { ...run, samples: { points } });
    return data;
  };
  return {
    fixed: async (points, run) => (await sample(ofFixed, points, run)) as Float32Array,
    moving: async (points, run) => (await sample(ofMoving, points, run)) as Float32Array,
    inside: async (points, run) => (await sample(ofInside, points, run)) as Uint8Array,
    async [Symbol.asyncDispose]() {
      await Promise.all(open.map((prepared) => prepared[Symbol.asyncDispose]()));
    },
  };
}

interface Sampling {
  readonly interpolator: Interpolator;
  readonly gradient?: boolean;
  readonly isFlag?: boolean;
}
