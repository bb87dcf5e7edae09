import {
  asVolume,
  fitsFloat32,
  pixelTypeFacts,
  type Resample,
  splineMargin,
  splineOrder,
  voxelCount,
} from '@voxhost/sdk';
import { KERNEL_RULES } from './sampling-rules.js';

/** Are values computed in float64? */
export const isWide = ({ source, pixelType, interpolator }: Resample): boolean =>
  ![source.pixelType, pixelType].every(fitsFloat32) || interpolator === 'label-linear';

/** What is kept of a source that its kernel does not read as it is. */
export interface Converted {
  readonly pixelType: 'float32' | 'float64';
  /** Samples before the image's first on each axis. */
  readonly margin: number;
  /** As of a volume. */
  readonly size: readonly number[];
  /** Of the B-spline whose coefficients these are; absent for the samples themselves. */
  readonly order: 2 | 3 | 4 | 5 | undefined;
}

/** Kernels of up to two taps read any pixel type; wider ones are given float32 or float64, as they compute. */
export function convertedSource(operation: Resample): Converted | undefined {
  const { interpolator, boundary, source } = operation;
  const { taps } = KERNEL_RULES[interpolator];
  if (taps === 'label' || taps < 3) return undefined;
  const order = splineOrder(interpolator);
  const margin = order === undefined ? 0 : splineMargin(boundary.kind);
  const size = asVolume(source.grid.size.map((n) => n + 2 * margin));
  const pixelType = isWide(operation) ? 'float64' : 'float32';
  if (order === undefined && pixelType === source.pixelType) return undefined;
  return { pixelType, margin, size, order };
}

/** Bytes on the device that stay for all runs. */
export function residentBytes(operation: Resample): number {
  const { source } = operation;
  const converted = convertedSource(operation);
  if (converted === undefined) return source.data.byteLength;
  const values = voxelCount(converted.size) * source.channels;
  return values * pixelTypeFacts(converted.pixelType).bytes;
}

/** Which kernel samples, by the families of kernels/entries.h. */
interface KernelChoice {
  readonly family: string;
  /** Is there one for the voxels of a grid under one affine, besides that for steps? */
  readonly hasAffine: boolean;
}

export function chooseKernel(operation: Resample): KernelChoice {
  const { taps } = KERNEL_RULES[operation.interpolator];
  const real = isWide(operation) ? 'f64' : 'f32';
  if (taps === 'label') return { family: 'label_f64', hasAffine: false };
  if (taps === 1) return { family: `nearest_${real}`, hasAffine: real === 'f32' };
  if (taps === 2 && real === 'f32') {
    const { source, pixelType } = operation;
    const hasAffine = pixelType === source.pixelType || pixelType === 'float32';
    return { family: `linear_${source.pixelType}`, hasAffine };
  }
  return { family: `taps${taps}_${real}`, hasAffine: taps === 4 && real === 'f32' };
}

export const kernelName = (operation: Resample, map: 'affine' | 'steps'): string =>
  `${map}_${chooseKernel(operation).family}`;
