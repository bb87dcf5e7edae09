import { type Lattice, voxelCount } from '@voxhost/sdk';
import { aboutCentres, scaling } from '../lazy/matrices.js';
import { keyOf, normal, philox, unit } from '../lazy/philox.js';
import type { DefinedTransform, RandomTransform } from '../lazy/transform.js';
import { settle } from '../lazy/viewport.js';
import { type AffineParts, fromParts } from './affine.js';
import { declare, defined, perAxis, type SamplingParams, sizesOr } from './define.js';
import { displaced } from './field-params.js';
import { smoothed } from './gaussian-smooth.js';
import { type AffineRanges, drawParts } from './rand-affine.js';
import { modesOf, randomlyByVoxels } from './randomly.js';

const DEFAULTS = { mode: 'bilinear', padding: 'reflection' } as const;

export type ElasticParams = SamplingParams &
  AffineParts & {
    /** Of the counter-based generator: offsets depend on it and the index alone. */
    readonly seed: number;
    /** Voxels of the Gaussian that smooths uniform offsets of -1 .. 1, cut at three of them. */
    readonly sigma: number;
    /** Voxels by which the smoothed offsets are multiplied. */
    readonly magnitude: number;
    readonly spatial_size?: number | readonly number[] | null;
  };

/** A smooth drawn displacement of every voxel, then an affine about the centres: what `Rand3DElastic` draws. */
export function elastic(params: ElasticParams): DefinedTransform {
  return defined('Elastic', params, (viewport) => {
    const dims = viewport.extent.length;
    const size = sizesOr(params.spatial_size ?? -1, viewport.extent);
    const extent = settle(viewport, size, Math.round);
    const whole = extent.map((e) => Math.max(1, Math.round(e)));
    const map = aboutCentres(fromParts(params, dims), viewport.extent, extent);
    const lattice = smoothOffsets(whole, params);
    const sampling = declare(params, DEFAULTS);
    return [displaced(viewport, { map, extent }, lattice, { sampling })];
  });
}

export type Rand3DElasticParams = SamplingParams &
  AffineRanges & {
    /** Of the smoothing, voxels. */
    readonly sigma_range: readonly [number, number];
    /** Of the offsets, voxels. */
    readonly magnitude_range: readonly [number, number];
    /** Default 0.1. */
    readonly prob?: number;
    readonly spatial_size?: number | readonly number[] | null;
  };

/** `elastic` by a drawn seed, smoothing, magnitude and affine. Entries of a dictionary must have one size. */
export function rand3DElastic(params: Rand3DElasticParams): RandomTransform {
  const { prob = 0.1, spatial_size = -1 } = params;
  return randomlyByVoxels('Rand3DElastic', params, prob, (random) => {
    const drawn = {
      seed: random.seed(),
      sigma: random.uniform(...params.sigma_range),
      magnitude: random.uniform(...params.magnitude_range),
      ...drawParts(random, params),
      spatial_size,
    };
    return (modes) => [elastic({ ...modesOf(modes, params), ...drawn })];
  });
}

export type ControlPointsParams = SamplingParams &
  AffineParts & {
    readonly seed: number;
    /** Voxels between control points. */
    readonly spacing: number | readonly number[];
    /** Standard deviation of the control points' offsets, voxels. */
    readonly magnitude: number;
    readonly spatial_size?: number | readonly number[] | null;
  };

/**
 * A cubic B-spline of drawn control points, then an affine about the centres: what `Rand2DElastic` draws.
 * MONAI enlarges the control points by torch's bicubic instead, which is less smooth.
 */
export function controlPoints(params: ControlPointsParams): DefinedTransform {
  return defined('ControlPoints', params, (viewport) => {
    const dims = viewport.extent.length;
    const extent = sizesOr(params.spatial_size ?? -1, viewport.extent);
    const spacing = perAxis(params.spacing, dims);
    const map = aboutCentres(fromParts(params, dims), viewport.extent, extent);
    const size = extent.map((e, a) => Math.ceil(e / spacing[a]) + 3);
    const scale = spacing.map((s) => 1 / s);
    const lookup = scaling(
      scale,
      scale.map(() => 1),
    ).matrix;
    const lattice = normalOffsets(size, params);
    const sampling = declare(params, DEFAULTS);
    return [displaced(viewport, { map, extent }, lattice, { sampling, lookup })];
  });
}

export type Rand2DElasticParams = SamplingParams &
  AffineRanges & {
    /** Voxels between control points. */
    readonly spacing: number | readonly number[];
    /** Of the standard deviation of their offsets, voxels. */
    readonly magnitude_range: readonly [number, number];
    /** Default 0.1. */
    readonly prob?: number;
    readonly spatial_size?: number | readonly number[] | null;
  };

/** `controlPoints` by a drawn seed, magnitude and affine. Entries of a dictionary must have one size. */
export function rand2DElastic(params: Rand2DElasticParams): RandomTransform {
  const { prob = 0.1, spatial_size = -1, spacing } = params;
  return randomlyByVoxels('Rand2DElastic', params, prob, (random) => {
    const drawn = {
      seed: random.seed(),
      spacing,
      magnitude: random.uniform(...params.magnitude_range),
      ...drawParts(random, params),
      spatial_size,
    };
    return (modes) => [controlPoints({ ...modesOf(modes, params), ...drawn })];
  });
}

/** Uniform offsets of -1 .. 1 at every voxel, smoothed, multiplied. */
function smoothOffsets(size: readonly number[], params: ElasticParams): Lattice {
  const data = offsets(size, params.seed, ([a]) => 2 * unit(a) - 1);
  const count = voxelCount(size);
  for (const axis of size.keys()) {
    const plane = data.subarray(axis * count, (axis + 1) * count);
    plane.set(smoothed(plane, size, params.sigma));
  }
  return { size, order: 1, outside: 'edge', data: data.map((v) => v * params.magnitude) };
}

function normalOffsets(size: readonly number[], params: ControlPointsParams): Lattice {
  const data = offsets(size, params.seed, ([a, b]) => params.magnitude * normal(a, b));
  return { size, order: 3, outside: 'edge', data };
}

/** One value per component and point, by its index and the seed. */
function offsets(
  size: readonly number[],
  seed: number,
  value: (words: Uint32Array) => number,
): Float64Array {
  const count = voxelCount(size);
  const key = keyOf(seed);
  const words = new Uint32Array(4);
  return new Float64Array(count * size.length).map((_, i) => {
    const at = i % count;
    words.set([at, Math.floor(at / 0x100000000), Math.floor(i / count), 1]);
    philox(words, key);
    return value(words);
  });
}
