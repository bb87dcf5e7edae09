import { SUMS } from '../parameters.js';
import { download } from './download.js';
import type { SamplePlanes } from './sample-planes.js';
import type { Sampled } from './sampled.js';
import { THREADS } from './tiles.js';

/** How samples are summed. */
export interface Summing {
  readonly kernel: string;
  /** Sums of each row. */
  readonly columns: number;
  /** Samples that are one for the kernel; default 1. */
  readonly stride?: number;
}

/** Sums over all samples of a kernel whose last parameter is Sums; the others are those of the tile. */
export async function sumSamples(
  sampled: Sampled,
  { kernel, columns, stride = 1 }: Summing,
  structsOf: (planes: SamplePlanes) => readonly Uint8Array[],
): Promise<Float64Array> {
  const { engine, wanted, row } = sampled;
  const values = new Float64Array(columns * Math.ceil(wanted.count / row));
  using sums = engine.memory.take(values.byteLength);
  await sampled.forEachTile(async (planes) => {
    const { first, count } = planes.tile;
    const address = sums.address + BigInt(8 * columns * (first / row));
    const parameters = [...structsOf(planes), SUMS.pack({ address, samples: row / stride })];
    const { stream } = engine.lanes.both[0];
    engine.launch(kernel, parameters, [THREADS * Math.ceil(count / row), 1, 1], stream);
    await engine.lanes.drained(engine.lanes.both[0]);
  });
  await engine.lanes.exclusive(() => download(engine, sums.address, values));
  return addRows(values, columns);
}

function addRows(values: Float64Array, columns: number): Float64Array {
  const sums = new Float64Array(columns);
  for (const [i, value] of values.entries()) sums[i % columns] += value;
  return sums;
}
