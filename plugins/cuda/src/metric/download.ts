import type { Engine } from '../engine.js';

/** Copies float64 values from the device. For who has the lanes. */
export async function download(
  { driver, lanes }: Engine,
  address: bigint,
  into: Float64Array,
): Promise<void> {
  const [lane] = lanes.both;
  const { buffer, byteOffset, length } = lane.pinned.bytes;
  const most = Math.floor(length / 8);
  for (let first = 0; first < into.length; first += most) {
    const part = Math.min(most, into.length - first);
    driver.toHost(lane.pinned, address + BigInt(8 * first), 8 * part, lane.stream);
    await lanes.drained(lane);
    into.set(new Float64Array(buffer, byteOffset, part), first);
  }
}
