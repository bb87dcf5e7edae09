import type { Backend } from '../backend.js';
import type { Numerics } from '../capabilities.js';
import { createGrid, voxelCount } from '../grid.js';
import { createImage, type Image } from '../image.js';
import type { IndexMap } from '../index-map.js';
import type { Metric } from '../operation.js';
import { allocatePixels, type PixelType, pixelTypeFacts } from '../pixel-type.js';
import { createReference } from '../reference/create-reference.js';
import type { Measured } from '../run.js';
import { type MetricClaims, prefer } from './claims.js';
import { expect, expectSame } from './expect.js';
import { DERIVATIVE_FACTOR, statedTolerance } from './tolerances.js';
import { noise } from './trial-images.js';

/** One run of one metric. */
export interface MetricTrial {
  readonly operation: Metric;
  readonly map: IndexMap;
  readonly points?: Float64Array;
}

/** Sizes of fixed and moving image: odd, and not the same. */
export const fixedSize = (dims: number): readonly number[] => [7, 6, 5].slice(0, dims);
const movingSize = (dims: number): readonly number[] => [8, 5, 6].slice(0, dims);

export interface MetricChoice {
  readonly pixelType?: PixelType;
  readonly channels?: number;
  readonly masks?: boolean;
}

/** A metric on two images of structure and noise, memberships or labels, as it takes. */
export function metricOperation(
  claims: MetricClaims,
  dims: number,
  {
    pixelType = prefer(claims.pixelTypes, 'float32'),
    channels = 1,
    masks = false,
  }: MetricChoice = {},
): Metric {
  const { name, derivative } = claims.block;
  const image = (size: readonly number[], seed: number): Image =>
    subject(name, pixelType, { size, channels, seed });
  return {
    kind: 'metric',
    name,
    options: claims.options ?? (name === 'local-normalized-correlation' ? { radius: 1 } : {}),
    fixed: image(fixedSize(dims), 1),
    moving: image(movingSize(dims), 2),
    ...(masks && { fixedMask: mask(fixedSize(dims), 3), movingMask: mask(movingSize(dims), 5) }),
    fixedInterpolator: name === 'label-overlap' ? 'nearest' : 'linear',
    movingInterpolator: name === 'label-overlap' ? 'nearest' : 'linear',
    derivative,
    demand: {
      maps: claims.maps,
      samples: prefer(claims.samples, 'points'),
      perRun: voxelCount(fixedSize(dims)),
      runs: 10,
    },
  };
}

function subject(
  name: string,
  pixelType: PixelType,
  how: { readonly size: readonly number[]; readonly channels: number; readonly seed: number },
): Image {
  const [min, max] = rangeFor(name, pixelType);
  const data = allocatePixels(pixelType, voxelCount(how.size) * how.channels);
  for (let i = 0; i < data.length; i++) {
    const wave = Math.sin(0.37 * i + how.seed) * Math.cos(0.23 * i);
    const value = min + (max - min) * (0.5 + 0.3 * wave + 0.2 * (noise(i + 977 * how.seed) - 0.5));
    data[i] = name === 'label-overlap' ? Math.floor(value) : value;
  }
  return createImage(createGrid({ size: how.size }), data, how.channels);
}

/** Memberships from 0 to 1, labels from 0 to 3, or the whole range of the type. */
function rangeFor(name: string, pixelType: PixelType): readonly [min: number, max: number] {
  if (name === 'dice') return [0, 1.999];
  if (name === 'label-overlap') return [0, 3.999];

  return pixelTypeFacts(pixelType).range ?? [-100, 100];
}

/** All but one voxel in `every`. */
function mask(size: readonly number[], every: number): Image {
  const data = Uint8Array.from({ length: voxelCount(size) }, (_, i) => (i % every === 1 ? 0 : 255));
  return createImage(createGrid({ size }), data);
}

export async function measureOnce(
  backend: Backend,
  { operation, map, points }: MetricTrial,
): Promise<Measured> {
  await using prepared = await backend.prepare(operation);
  return await prepared.run(map, { derivative: operation.derivative, ...(points && { points }) });
}

export const measuredByReference = (trial: MetricTrial): Promise<Measured> =>
  measureOnce(createReference(), trial);

/** A derivative so small beside the value, at least 1, is the rounding of one that is 0. */
const LEAST_SLOPE = 1e-9;

/** Throws when a measurement is not the reference's within the numerics. */
export function expectMeasured(
  found: Measured,
  expected: Measured,
  numerics: Numerics,
  what: string,
): void {
  const { absolute, relative } = statedTolerance(numerics);
  expect(
    found.samples === expected.samples,
    `${what}: ${found.samples} samples, the reference has ${expected.samples}`,
  );
  const near = (value: number, wanted: number, by: number): boolean =>
    Math.abs(value - wanted) <= by || (Number.isNaN(value) && Number.isNaN(wanted));
  const slack = absolute + relative * Math.max(1, Math.abs(expected.value));
  expect(
    near(found.value, expected.value, slack),
    `${what}: ${found.value}, the reference has ${expected.value}`,
  );
  if (expected.derivative === undefined) {
    expect(found.derivative === undefined, `${what}: has a derivative, and the map none`);
    return;
  }
  const least = LEAST_SLOPE * Math.max(1, Math.abs(expected.value));
  expectDerivative(found.derivative, expected.derivative, { absolute, relative, least }, what);
}

function expectDerivative(
  found: Float64Array | undefined,
  expected: Float64Array,
  {
    absolute,
    relative,
    least,
  }: { readonly absolute: number; readonly relative: number; readonly least: number },
  what: string,
): void {
  expect(
    found?.length === expected.length,
    `${what}: ${found?.length} derivatives, not ${expected.length}`,
  );
  const largest = expected.reduce((most, d) => Math.max(most, Math.abs(d)), least);
  const by = DERIVATIVE_FACTOR * (absolute + relative * largest);
  if (by === 0) expectSame(found, expected, `${what}: the derivative`);
  for (let i = 0; i < expected.length; i++) {
    expect(
      Math.abs(found[i] - expected[i]) <= by,
      `${what}: derivative ${i} is ${found[i]}, the reference has ${expected[i]}`,
    );
  }
}
