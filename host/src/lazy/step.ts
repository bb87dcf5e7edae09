import type { ContinuousMap, Grid, PixelType } from '@voxhost/sdk';
import type { Noise } from './noise.js';
import type { PadFill } from './pad-image.js';
import type { PointwisePending } from './pending.js';
import type { SamplingModes } from './sampling.js';

/** What is done to sampled values, in order, before they are rounded once. */
export type Tail =
  /** `map` takes output indices to those of the space where the noise stands, of `size` voxels. */
  | {
      readonly kind: 'noise';
      readonly noise: Noise;
      readonly map: ContinuousMap;
      readonly size: readonly number[];
    }
  | { readonly kind: 'intensity'; readonly scale: number; readonly shift: number };

/** One thing to carry out; steps follow one another. */
export type Step =
  | {
      readonly kind: 'sample';
      readonly map: ContinuousMap;
      readonly output: Grid;
      readonly modes: SamplingModes;
      readonly copies: 'allowed' | 'never';
      readonly tails: readonly Tail[];
      readonly why: string;
    }
  | {
      readonly kind: 'average';
      readonly output: Grid;
      readonly pixelType: PixelType;
      readonly why: string;
    }
  | {
      readonly kind: 'pad';
      readonly before: readonly number[];
      readonly fill: PadFill;
      readonly output: Grid;
      readonly why: string;
    }
  | { readonly kind: 'pointwise'; readonly operation: PointwisePending; readonly why: string };

/** Pixel type once the steps are taken. */
export const pixelTypeAfter = (steps: readonly Step[], before: PixelType): PixelType =>
  steps.reduce((pixelType, step) => {
    switch (step.kind) {
      case 'sample':
        return step.modes.pixelType;
      case 'average':
        return step.pixelType;
      case 'pad':
        return pixelType;
      case 'pointwise':
        return step.operation.pixelType ?? pixelType;
      default:
        return step satisfies never;
    }
  }, before);
