import type { Backend, PixelType } from '@voxhost/sdk';
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
