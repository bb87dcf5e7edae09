import {
  createBreather,
  outputOf,
  type Pixels,
  type PreparedParts,
  type Resample,
  type Resampled,
  type ResampleRun,
  requireResampleRun,
  toPixelValue,
} from '@voxhost/sdk';
import { periodOf } from './sampling/fold.js';
import { type Interpolation, interpolate } from './sampling/interpolate.js';
import { locate } from './sampling/locate.js';
import { type Chunk, planChunks } from './sampling/plan-chunks.js';
import { type ResidentImage, residentImage } from './sampling/resident-image.js';
import type { Column, Tensorflow } from './start/tensorflow.js';

/** Samples that TensorFlow computes at once: the columns between them take 25 MB, and an aborted run ends after them. */
export const CHUNK = 2 ** 16;

export function prepareResample(
  tf: Tensorflow,
  operation: Resample,
  interpolation: Interpolation,
): PreparedParts<'resample'> {
  const image = residentImage(tf, operation.source);
  return {
    async run(map, run) {
      const dims = operation.source.grid.size.length;
      const { samples, planes } = requireResampleRun(operation, map, run);
      const data = outputOf(operation, run, { samples, planes });
      const chunks = planChunks(map, run.samples, { count: samples, dims, limit: CHUNK });
      return await executeRun(tf, { operation, interpolation, image, data, chunks, run });
    },
    dispose: () => image[Symbol.dispose](),
  };
}

interface Call {
  readonly operation: Resample;
  readonly interpolation: Interpolation;
  readonly image: ResidentImage;
  readonly data: Pixels;
  readonly chunks: readonly Chunk[];
  readonly run: ResampleRun;
}

async function executeRun(tf: Tensorflow, call: Call): Promise<Resampled> {
  const { operation, interpolation, image, data, chunks, run } = call;
  const breathe = createBreather(run);
  const periods = image.size.map((n) => periodOf(interpolation.boundary.kind, n));
  for (const [at, chunk] of chunks.entries()) {
    await breathe(at / chunks.length);
    const columns = tf.tidy(() =>
      interpolate(tf, image, locate(tf, chunk, periods), interpolation).flat(),
    );
    await writeColumns(tf, columns, { data, first: chunk.first, operation });
  }
  await breathe(1);
  run.progress?.(1);
  return { data };
}

/** Brings columns out of TensorFlow's memory, one to each plane. */
async function writeColumns(
  tf: Tensorflow,
  columns: readonly Column[],
  { data, first, operation }: { data: Pixels; first: number; operation: Resample },
): Promise<void> {
  const plane = data.length / columns.length;
  try {
    for (const [p, column] of columns.entries()) {
      const values = await column.data<'float32'>();
      if (data instanceof Float32Array) data.set(values, p * plane + first);
      else {
        for (const [n, value] of values.entries()) {
          data[p * plane + first + n] = toPixelValue(value, operation.pixelType);
        }
      }
    }
  } finally {
    tf.dispose([...columns]);
  }
}
