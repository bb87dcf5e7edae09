import { type Backend, createImage, type Image, type PixelType } from '@voxhost/sdk';
import { assertItkMetric, assertItkOverlap, ITK_METRICS } from '../../support/itk-metrics.js';
import {
  assertItkResample,
  assertItkTransform,
  ITK_INTERPOLATORS,
  ITK_TRANSFORMS,
} from '../../support/itk-sampling.js';
import { createCpu } from './support.js';

/** As of the reference: the fixture's digits, and where ITK's prefilter stops. */
const IN_FLOAT64 = 1e-7;
/** A few units in the last place of values up to 100: float32 has 24 bits. */
const IN_FLOAT32 = 1e-4;
const TYPES: readonly (readonly [PixelType, PixelType, number])[] = [
  ['float64', 'float64', IN_FLOAT64],
  ['int16', 'float64', IN_FLOAT64],
  ['float32', 'float32', IN_FLOAT32],
  ['int16', 'float32', IN_FLOAT32],
  ['uint8', 'float32', IN_FLOAT32],
];

describe('the cpu plugin samples as ITK does', () => {
  let cpu: Backend;
  before(async () => {
    cpu = await createCpu();
  });
  after(() => cpu[Symbol.asyncDispose]());

  for (const interpolator of ITK_INTERPOLATORS) {
    for (const [from, to, tolerance] of TYPES) {
      it(`${interpolator} from ${from} to ${to}, boundary buffer`, () =>
        assertItkResample(cpu, { interpolator, from, to, tolerance }));
    }
  }

  for (const name of ITK_TRANSFORMS) {
    it(`${name}, within and beyond`, () => assertItkTransform(cpu, name, IN_FLOAT64));
  }
});

/** float64 samples, rounded positions. */
const METRIC_IN_FLOAT64 = 1e-9;
/** float32 samples and sums of at most 16 of them. */
const METRIC_IN_FLOAT32 = 1e-6;

const inFloat32 = ({ grid, data }: Image): Image => createImage(grid, Float32Array.from(data));

describe('the cpu plugin gives the numbers of ITK’s metrics', () => {
  let cpu: Backend;
  before(async () => {
    cpu = await createCpu();
  });
  after(() => cpu[Symbol.asyncDispose]());

  for (const [name, operation] of ITK_METRICS) {
    it(`${name} of float64`, () =>
      assertItkMetric(cpu, name, { operation, tolerance: METRIC_IN_FLOAT64 }));
    it(`${name} of float32`, () => {
      const [fixed, moving] = [operation.fixed, operation.moving].map(inFloat32);
      const narrow = { ...operation, fixed, moving };
      return assertItkMetric(cpu, name, { operation: narrow, tolerance: METRIC_IN_FLOAT32 });
    });
  }

  it('label-overlap', () => assertItkOverlap(cpu, METRIC_IN_FLOAT64));
});
