import { PIXEL_TYPES, type Resample } from '@voxhost/sdk';
import { boxCount } from './bricks/index-box.js';
import type { Brick } from './bricks/weigh-brick.js';
import { bytesPerSample, coefficientsOf, planesOf, sampleAxes } from './coefficients.js';
import { copyBoxIn } from './copy-box.js';
import type { ResidentSource } from './encode-job.js';
import type { Engine } from './engine.js';
import type { Held } from './held.js';
import { makeCoefficients } from './make-coefficients.js';
import { writeTables } from './sample-tables.js';

/** Brings what a brick looks at to the workers' memory, until `held` is released: samples as they are, or coefficients. */
export async function loadSource(
  engine: Engine,
  operation: Resample,
  { box, isPlain }: Pick<Brick, 'box' | 'isPlain'>,
  { held, signal }: { readonly held: Held; readonly signal: AbortSignal | undefined },
): Promise<ResidentSource> {
  const { heap } = engine;
  const address = held.allocate(boxCount(box) * bytesPerSample(operation));
  const coefficients = coefficientsOf(operation);
  if (coefficients) await makeCoefficients(engine, operation, { address, box }, signal);
  else await copyBoxIn(heap, planesOf(operation), { address, box }, signal);
  const size = sampleAxes(operation).map(({ count }) => count);
  return {
    address,
    type: PIXEL_TYPES.indexOf(coefficients?.pixelType ?? operation.source.pixelType),
    size,
    margin: coefficients?.margin ?? 0,
    part: { box, tables: isPlain ? undefined : writeTables(heap, size, box, held) },
  };
}
