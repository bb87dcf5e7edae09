import type { Image } from '@voxhost/sdk';
import type { Noise } from '../lazy/noise.js';
import type { DefinedTransform, Params, RandomTransform } from '../lazy/transform.js';
import { sizeOf } from '../lazy/viewport.js';
import { bad, defined } from './define.js';
import { randomly } from './randomly.js';

export type GaussianNoiseParams = {
  /** Default 0. */
  readonly mean?: number;
  /** Standard deviation. Default 0.1. */
  readonly std?: number;
  /** Of the counter-based generator: a voxel's noise depends on it, the index and the channel alone. Default 0. */
  readonly seed?: number;
};

/** Adds noise in the space where it stands; later maps carry it along. */
export function gaussianNoise(params: GaussianNoiseParams = {}): DefinedTransform {
  const { mean = 0, std = 0.1, seed = 0 } = params;
  if (!(std >= 0)) throw bad('std', `${std} is negative`);
  return adding('GaussianNoise', params, { kind: 'gaussian', mean, std, seed });
}

/** Adds an image of the space where it stands. Not for a PIPELINE.json: its trace names no voxels. */
export function givenNoise(image: Image): DefinedTransform {
  return adding('GivenNoise', {}, { kind: 'given', image });
}

function adding(name: string, params: Params, noise: Noise): DefinedTransform {
  return defined(name, params, (viewport) => {
    const size = sizeOf(viewport);
    if (noise.kind === 'given' && noise.image.grid.size.join() !== size.join()) {
      throw bad('noise', `has [${noise.image.grid.size}] voxels where the image has [${size}]`);
    }
    return [{ kind: 'noise', noise, after: viewport }];
  });
}

export type RandGaussianNoiseParams = {
  /** Default 0.1. */
  readonly prob?: number;
  readonly mean?: number;
  /** Largest standard deviation; each is drawn from 0 to it unless `sample_std` is false. Default 0.1. */
  readonly std?: number;
  readonly sample_std?: boolean;
};

/** `gaussianNoise` by a drawn seed and standard deviation. */
export function randGaussianNoise(params: RandGaussianNoiseParams = {}): RandomTransform {
  const { prob = 0.1, mean = 0, std = 0.1, sample_std = true } = params;
  return randomly('RandGaussianNoise', params, prob, (random) => {
    const drawn = { mean, std: sample_std ? random.uniform(0, std) : std, seed: random.seed() };
    return () => [gaussianNoise(drawn)];
  });
}
