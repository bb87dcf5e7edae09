import {
  asVolume,
  fitsFloat32,
  pixelTypeFacts,
  type Resample,
  splineMargin,
  splineOrder,
} from '@voxhost/sdk';
import type { SampleAxis } from './bricks/sample-box.js';
import type { Planes } from './copy-box.js';

/** B-spline coefficients as they will lie in memory. */
export interface Coefficients {
  readonly pixelType: 'float32' | 'float64';
  readonly order: number;
  /** Padded samples on either side. */
  readonly margin: number;
  /** x y z, padding included. */
  readonly size: readonly number[];
}

/** Are values computed in float64? */
export const isWide = ({ source, pixelType, interpolator }: Resample): boolean =>
  ![source.pixelType, pixelType].every(fitsFloat32) || interpolator === 'label-linear';

/** Undefined for what is sampled as it is. */
export function coefficientsOf(operation: Resample): Coefficients | undefined {
  const { interpolator, boundary, source } = operation;
  const order = splineOrder(interpolator);
  if (order === undefined) return undefined;
  const margin = splineMargin(boundary.kind);
  const size = source.grid.size.map((n) => n + 2 * margin);
  return {
    pixelType: isWide(operation) ? 'float64' : 'float32',
    order,
    margin,
    size: asVolume(size),
  };
}

/** Bytes that a box of coefficients, or of the samples where there are none, takes, and what it takes to make them. */
export const bytesPerSample = (operation: Resample): number =>
  pixelTypeFacts(coefficientsOf(operation)?.pixelType ?? operation.source.pixelType).bytes *
  operation.source.channels;

/** The axes of what is sampled, x y z. */
export function sampleAxes(operation: Resample): readonly SampleAxis[] {
  const dims = operation.source.grid.size.length;
  const { size, margin } = coefficientsOf(operation) ?? {
    size: asVolume(operation.source.grid.size),
    margin: 0,
  };
  return size.map((count, axis) => ({ count, margin: axis < dims ? margin : 0 }));
}

/** The source as planes of three axes. */
export const planesOf = ({ source }: Resample): Planes => ({
  data: source.data,
  size: asVolume(source.grid.size),
  channels: source.channels,
});
