import { createReference } from '@voxhost/sdk/reference';
import { assertItkMetric, assertItkOverlap, ITK_METRICS } from '../../../support/itk-metrics.js';

/** ITK prints 15 digits; its sums run in another order. */
const TOLERANCE = 1e-11;

describe('the reference gives the numbers of ITK’s metrics', () => {
  const reference = createReference();
  after(() => reference[Symbol.asyncDispose]());

  for (const [name, operation] of ITK_METRICS) {
    it(name, () => assertItkMetric(reference, name, { operation, tolerance: TOLERANCE }));
  }

  it('label-overlap', () => assertItkOverlap(reference, TOLERANCE));
});
