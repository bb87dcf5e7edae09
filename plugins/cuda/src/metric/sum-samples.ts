import type { Engine } from '../engine.js';
import { ROWS, SUMS } from '../parameters.js';

/** Threads that sum, whatever the device: the partition of the samples decides the last bits. */
const MOST_THREADS = 65_536;
/** Rows of sums that one thread adds up. */
const GROUP = 256;

/**
 * Sums over samples of a kernel whose last parameter is Sums. For who has the lanes.
 *
 * @param columns - sums that each thread has
 */
export async function sumSamples(
  engine: Engine,
  kernel: string,
  structs: readonly Uint8Array[],
  { count, columns }: { readonly count: number; readonly columns: number },
): Promise<Float64Array> {
  const [lane] = engine.lanes.both;
  const threads = Math.min(MOST_THREADS, count);
  using sums = engine.memory.take(threads * columns * 8);
  const groups = Math.ceil(threads / GROUP);
  using grouped = engine.memory.take(groups * columns * 8);
  const { address } = sums;
  const last = SUMS.pack({ address, threads });
  engine.launch(kernel, [...structs, last], [threads, 1, 1], lane.stream);
  const rows = ROWS.pack({
    from: address,
    to: grouped.address,
    rows: threads,
    columns,
    group: GROUP,
  });
  engine.launch('metric_rows', [rows], [groups * columns, 1, 1], lane.stream);
  engine.driver.toHost(lane.pinned, grouped.address, groups * columns * 8, lane.stream);
  await engine.lanes.drained(lane);
  const { buffer, byteOffset } = lane.pinned.bytes;
  return addRows(new Float64Array(buffer, byteOffset, groups * columns), columns);
}

function addRows(values: Float64Array, columns: number): Float64Array {
  const sums = new Float64Array(columns);
  for (const [i, value] of values.entries()) sums[i % columns] += value;
  return sums;
}
