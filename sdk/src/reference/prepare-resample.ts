import type { IndexMap } from '../index-map.js';
import { samplePositions } from '../map/locate-all.js';
import type { Resample } from '../operation.js';
import { type Pixels, toPixelValue } from '../pixel-type.js';
import type { Resampled, ResampleRun } from '../run.js';
import { type Breathe, createBreather } from '../runs/breather.js';
import { outputOf, requireFiniteForSpline, requireResampleRun } from '../runs/check-resample.js';
import type { PreparedParts } from '../runs/create-backend.js';
import { createSampler, type Sampler } from './sampler.js';

/** Samples between two looks at the clock. */
const BREATH = 2048;

export async function prepareResample(
  operation: Resample,
  breathe: Breathe,
): Promise<PreparedParts<'resample'>> {
  requireFiniteForSpline(operation);
  const { source, interpolator, boundary } = operation;
  const sampler = await createSampler(source, interpolator, boundary, breathe);
  return { run: (map, run) => executeRun(operation, sampler, map, run) };
}

async function executeRun(
  operation: Resample,
  sampler: Sampler,
  map: IndexMap,
  run: ResampleRun,
): Promise<Resampled> {
  const shape = requireResampleRun(operation, map, run);
  const dims = operation.source.grid.size.length;
  const locate = samplePositions(map, run.samples, dims);
  const data = outputOf(operation, run, shape);
  const breathe = createBreather(run);
  const position = new Float64Array(dims);
  const values = new Float64Array(shape.planes);
  for (let sample = 0; sample < shape.samples; sample++) {
    if (sample % BREATH === 0) await breathe(sample / shape.samples);
    locate(sample, position);
    sampler.sample(position, values);
    writeSample(data, sample, values, operation);
  }
  run.progress?.(1);
  return { data };
}

/** One value to each plane. */
function writeSample(
  data: Pixels,
  sample: number,
  values: Float64Array,
  { pixelType }: Resample,
): void {
  const plane = data.length / values.length;
  for (let p = 0; p < values.length; p++) {
    data[p * plane + sample] = toPixelValue(values[p], pixelType);
  }
}
