import { lerp, pairs } from './linear';

// The loops over rows of values of a separable map, sixteen values at a time: rows have room to a multiple of that.

/** Of four neighbours along x: which bytes of the 16 at their address are first taps, distances, addresses, then the lowest address. */
export const GROUP_BYTES: usize = 64;
const PATTERN: usize = 0;
const DISTANCES: usize = 16;
const ADDRESSES: usize = 32;
const LOWEST: usize = 48;

/** Greatest exponent of values whose differences are finite, so that nothing that follows is more than they are. */
const LARGE: i32 = 0x7e800000;
const MAGNITUDE: i32 = 0x7fffffff;

/** Do the first taps of every four voxels lie within 16 bytes, so that one load has them? */
let isShuffled: bool = false;

export function beginGroups(): void {
  isShuffled = true;
}

/** Cells, in bytes from the row's first sample, and distances of the four voxels of a group. */
@inline
export function placeLane(group: usize, lane: usize, cell: i32, distance: f32): void {
  store<i32>(group + (lane << 2), cell, ADDRESSES);
  store<f32>(group + (lane << 2), distance, DISTANCES);
}

export function endGroup(group: usize): void {
  // Cells rise or fall along a row, so one of its ends is the lowest.
  const base = min(load<i32>(group, ADDRESSES), load<i32>(group, ADDRESSES + 12));
  store<i32>(group, base, LOWEST);
  const apart = i32x4.sub(v128.load(group, ADDRESSES), i32x4.splat(base));
  if (v128.any_true(i32x4.gt_s(apart, i32x4.splat(12)))) isShuffled = false;
  const pattern = i32x4.add(i32x4.mul(apart, i32x4.splat(0x01010101)), i32x4.splat(0x03020100));
  v128.store(group, pattern, PATTERN);
}

/** Interpolates a row of samples along x. False where a value is not finite, or so large that a difference may not be. */
export function interpolateRow(groups: usize, row: usize, out: usize, bytes: usize): bool {
  let most = i32x4.splat(0);
  const magnitude = i32x4.splat(MAGNITUDE);
  const end = out + bytes;
  if (isShuffled) {
    do {
      const first = shuffled(groups, row);
      const second = shuffled(groups + GROUP_BYTES, row);
      v128.store(out, first);
      v128.store(out, second, 16);
      most = i32x4.max_s(most, i32x4.max_s(v128.and(first, magnitude), v128.and(second, magnitude)));
      groups += 2 * GROUP_BYTES;
      out += 32;
    } while (out < end);
  } else {
    do {
      const value = gathered(groups, row);
      v128.store(out, value);
      most = i32x4.max_s(most, v128.and(value, magnitude));
      groups += GROUP_BYTES;
      out += 16;
    } while (out < end);
  }
  return !v128.any_true(i32x4.ge_s(most, i32x4.splat(LARGE)));
}

@inline
function shuffled(group: usize, row: usize): v128 {
  const pattern = v128.load(group, PATTERN);
  const at = row + load<usize>(group, LOWEST);
  const a = i8x16.swizzle(v128.load(at), pattern);
  const b = i8x16.swizzle(v128.load(at, 4), pattern);
  return lerp(a, b, v128.load(group, DISTANCES));
}

@inline
function gathered(group: usize, row: usize): v128 {
  return pairs<f32>(
    row + load<usize>(group, ADDRESSES), row + load<usize>(group, ADDRESSES + 4), row + load<usize>(group, ADDRESSES + 8),
    row + load<usize>(group, ADDRESSES + 12), v128.load(group, DISTANCES));
}

/** What lies t of the way from row a to row b. */
export function blendRows(a: usize, b: usize, t: f32, out: usize, bytes: usize): void {
  if (bytes == 0) return;
  const distance = f32x4.splat(t);
  const end = a + bytes;
  do {
    v128.store(out, lerp(v128.load(a), v128.load(b), distance));
    v128.store(out, lerp(v128.load(a, 16), v128.load(b, 16), distance), 16);
    v128.store(out, lerp(v128.load(a, 32), v128.load(b, 32), distance), 32);
    v128.store(out, lerp(v128.load(a, 48), v128.load(b, 48), distance), 48);
    a += 64;
    b += 64;
    out += 64;
  } while (a < end);
}
