import type { Backend } from '../backend.js';
import { voxelCount } from '../grid.js';
import type { Image } from '../image.js';
import { type Interpolator, splineOrder } from '../interpolator.js';
import type { Operation } from '../operation.js';
import { pixelTypeFacts } from '../pixel-type.js';
import { createBreather } from '../runs/breather.js';
import { createBackend } from '../runs/create-backend.js';
import { CAPABILITIES } from './capabilities.js';
import { prepareMetric } from './metric/prepare-metric.js';
import { prepareResample } from './prepare-resample.js';

/**
 * The oracle: every operation of the contract in plain float64 loops, one thread, slow and obviously right.
 *
 * The derivative of an interpolant is that of the piece in the cell floor(x) of the position, the last cell
 * closed; `nearest`, `nearest-even` and `label-linear` are flat; beyond a boundary that has a value so is all.
 */
export const createReference = (): Backend =>
  createBackend({
    name: 'reference',
    capabilities: CAPABILITIES,
    supports: (operation) => ({ ok: true, memory: memoryOf(operation) }),
    resample: (operation, signal) =>
      prepareResample(operation, createBreather(signal ? { signal } : {})),
    metric: (operation, signal) =>
      prepareMetric(operation, createBreather(signal ? { signal } : {})),
  });

/** Bytes: float64 coefficients of B-splines, the output of a resample, the values that a metric compares. */
function memoryOf(operation: Operation): { prepare: number; run: number } {
  const { demand } = operation;
  if (operation.kind === 'metric') {
    const { fixed, moving, movingInterpolator } = operation;
    return {
      prepare: coefficientBytes(moving, movingInterpolator),
      run: demand.perRun * (1 + 24 * fixed.channels),
    };
  }
  const { source, interpolator, pixelType, gradient } = operation;
  const planes = source.channels * (gradient ? 1 + source.grid.size.length : 1);
  return {
    prepare: coefficientBytes(source, interpolator),
    run: demand.perRun * planes * pixelTypeFacts(pixelType).bytes,
  };
}

const coefficientBytes = ({ channels, grid }: Image, interpolator: Interpolator): number =>
  splineOrder(interpolator) === undefined ? 0 : 8 * channels * voxelCount(grid.size);
