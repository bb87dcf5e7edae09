import type { Measured } from '@voxhost/sdk';

/** Of a run in which no sample counts. */
export const nothingMeasured = (derivative: Float64Array | undefined): Measured => ({
  value: Number.NaN,
  samples: 0,
  ...(derivative && { derivative }),
  details: { figure: null, channels: [] },
});
