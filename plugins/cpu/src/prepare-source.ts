import { asVolume, PIXEL_TYPES, type Resample, requireFiniteForSpline } from '@voxhost/sdk';
import { boxCount, wholeBox } from './bricks/index-box.js';
import { bytesPerSample, coefficientsOf, planesOf } from './coefficients.js';
import { copyBoxIn } from './copy-box.js';
import type { ResidentSource } from './encode-job.js';
import type { Engine } from './engine.js';
import { makeCoefficients } from './make-coefficients.js';

/**
 * Brings a source, or its B-spline coefficients, to the workers' memory; the caller releases `address`. Rejects as
 * `requireFiniteForSpline` does for what the prefilter would spread, which the filtered lines show.
 */
export async function prepareSource(
  engine: Engine,
  operation: Resample,
  signal: AbortSignal | undefined,
): Promise<ResidentSource> {
  const { heap } = engine;
  const { source } = operation;
  const coefficients = coefficientsOf(operation);
  const { pixelType, margin, size } = coefficients ?? {
    pixelType: source.pixelType,
    margin: 0,
    size: asVolume(source.grid.size),
  };
  const box = wholeBox(size);
  const address = heap.allocate(boxCount(box) * bytesPerSample(operation));
  try {
    signal?.throwIfAborted();
    if (coefficients === undefined)
      await copyBoxIn(heap, planesOf(operation), { address, box }, signal);
    else if (!(await makeCoefficients(engine, operation, { address, box }, signal)))
      requireFiniteForSpline(operation);
  } catch (error) {
    heap.release(address);
    throw error;
  }
  return { address, type: PIXEL_TYPES.indexOf(pixelType), size, margin };
}
