import { PIXEL_TYPES, type Resample } from '@voxhost/sdk';
import { boxCount, type IndexBox, isWithin } from './bricks/index-box.js';
import { foldedRange } from './bricks/sample-box.js';
import { sampleAxes } from './coefficients.js';
import { viewOf } from './copy.js';
import { copyBoxIn, type Planes } from './copy-box.js';
import { encodeJob } from './encode-job.js';
import type { Engine } from './engine.js';
import type { Filtered } from './filter-axis.js';
import type { Held } from './held.js';
import { JOB_BYTES } from './job-layout.js';
import { writeTables } from './sample-tables.js';
import { samplingRules } from './sampling-rules.js';

/** Samples that are converted and padded. */
export interface Extension {
  readonly planes: Planes;
  /** Of the padded samples. */
  readonly box: IndexBox;
  readonly filtered: Filtered;
}

/** Brings what a job needs that writes a box of padded samples, in the type of arithmetic; the address of the job. */
export async function stageExtension(
  { heap }: Engine,
  operation: Resample,
  { planes, box, filtered: { address, size, isWide: wide } }: Extension,
  { held, signal }: { readonly held: Held; readonly signal: AbortSignal | undefined },
): Promise<number> {
  const rules = samplingRules(operation.interpolator, operation.boundary);
  const margins = sampleAxes(operation).map(({ margin }) => margin);
  const start = box.map(({ first }, axis) => first - margins[axis]);
  const samples = box.map(({ count }, axis) =>
    foldedRange(start[axis], start[axis] + count - 1, planes.size[axis], rules.fold),
  );
  const { channels, data } = planes;
  const staged = held.allocate(boxCount(samples) * channels * data.BYTES_PER_ELEMENT);
  await copyBoxIn(heap, planes, { address: staged, box: samples }, signal);
  const isWhole = isWithin(samples, planes.size);
  const tables = isWhole ? undefined : writeTables(heap, planes.size, samples, held);
  const job = held.allocate(JOB_BYTES);
  encodeJob(viewOf(heap, job, JOB_BYTES), {
    dims: operation.source.grid.size.length,
    channels,
    gradient: false,
    wide,
    source: {
      address: staged,
      type: PIXEL_TYPES.indexOf(operation.source.pixelType),
      size: planes.size,
      margin: 0,
      part: { box: samples, tables },
    },
    rules,
    output: { address, size, start, type: PIXEL_TYPES.indexOf(wide ? 'float64' : 'float32') },
    tile: size.with(2, 1),
    steps: { address: 0, count: 0 },
    points: 0,
  });
  return job;
}
