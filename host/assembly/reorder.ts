/**
 * Puts a packed box of voxels into another order: `to` is packed with x fastest, and the neighbours of a voxel along x, y
 * and z lie sx, sy and sz voxels apart in `from`, some of them backwards. Both fit the second-level cache, so this is
 * limited by loads and stores: 16 bytes of each at a time along x, one voxel at a time across.
 */
export function reorder(
  bytes: i32, from: usize, to: usize, x: i32, y: i32, z: i32, sx: i32, sy: i32, sz: i32,
): void {
  if (bytes == 1) reorderTyped<u8>(from, to, x, y, z, sx, sy, sz);
  else if (bytes == 2) reorderTyped<u16>(from, to, x, y, z, sx, sy, sz);
  else if (bytes == 4) reorderTyped<u32>(from, to, x, y, z, sx, sy, sz);
  else reorderTyped<u64>(from, to, x, y, z, sx, sy, sz);
}

function reorderTyped<T>(
  from: usize, to: usize, x: i32, y: i32, z: i32, sx: i32, sy: i32, sz: i32,
): void {
  if (sx == 1 || sx == -1) {
    for (let k = 0; k < z; k++) {
      for (let j = 0; j < y; j++) {
        const row = from + <usize>(j * sy + k * sz) * sizeof<T>();
        if (sx == 1) memory.copy(to, row, <usize>x * sizeof<T>());
        else reverseRow<T>(row, to, x);
        to += <usize>x * sizeof<T>();
      }
    }
    return;
  }
  // The axis of neighbours comes innermost, so that eight rows of `from` are read to their end.
  const alongY = sy == 1 || sy == -1;
  const outer = alongY ? z : y;
  const outerStep = alongY ? sz : sy;
  const outerRow = alongY ? x * y : x;
  for (let k = 0; k < outer; k++) {
    const slice = from + <usize>(k * outerStep) * sizeof<T>();
    const out = to + <usize>(k * outerRow) * sizeof<T>();
    if (alongY) transpose<T>(slice, out, x, y, sx, sy, x);
    else transpose<T>(slice, out, x, z, sx, sz, x * y);
  }
}

function reverseRow<T>(from: usize, to: usize, count: i32): void {
  const lanes: i32 = 16 / sizeof<T>();
  let i = 0;
  for (; i + lanes <= count; i += lanes) {
    const v = v128.load(from - <usize>(i + lanes - 1) * sizeof<T>());
    v128.store(to + <usize>i * sizeof<T>(), reversed<T>(v));
  }
  for (; i < count; i++) {
    store<T>(to + <usize>i * sizeof<T>(), load<T>(from - <usize>i * sizeof<T>()));
  }
}

@inline
function reversed<T>(v: v128): v128 {
  if (sizeof<T>() == 8) return v128.shuffle<u64>(v, v, 1, 0);
  if (sizeof<T>() == 4) return v128.shuffle<u32>(v, v, 3, 2, 1, 0);
  if (sizeof<T>() == 2) return v128.shuffle<u16>(v, v, 7, 6, 5, 4, 3, 2, 1, 0);
  return v128.shuffle<u8>(v, v, 15, 14, 13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1, 0);
}

/** Rows of `to` that are filled together: few enough to stay in the first-level cache however far apart they lie. */
const ROWS: i32 = 16;

/** to[i + j · row] = from[i · si + j · sj]. */
function transpose<T>(from: usize, to: usize, x: i32, y: i32, si: i32, sj: i32, row: i32): void {
  const step = <usize>sj * sizeof<T>();
  const down = <usize>row * sizeof<T>();
  for (let j = 0; j < y; j += ROWS) {
    const part = from + <usize>j * step;
    transposeRows<T>(part, to + <usize>j * down, x, min(ROWS, y - j), <usize>si * sizeof<T>(), step, down);
  }
}

/** Eight values of i at a time, so that eight rows of `from` are read along. */
function transposeRows<T>(
  from: usize, to: usize, x: i32, rows: i32, apart: usize, step: usize, down: usize,
): void {
  let i = 0;
  for (; i + 8 <= x; i += 8) {
    let a = from + <usize>i * apart;
    let e = a + 4 * apart;
    let out = to + <usize>i * sizeof<T>();
    for (let j = 0; j < rows; j++) {
      store<T>(out, load<T>(a));
      store<T>(out, load<T>(a + apart), 1 * sizeof<T>());
      store<T>(out, load<T>(a + 2 * apart), 2 * sizeof<T>());
      store<T>(out, load<T>(a + 3 * apart), 3 * sizeof<T>());
      store<T>(out, load<T>(e), 4 * sizeof<T>());
      store<T>(out, load<T>(e + apart), 5 * sizeof<T>());
      store<T>(out, load<T>(e + 2 * apart), 6 * sizeof<T>());
      store<T>(out, load<T>(e + 3 * apart), 7 * sizeof<T>());
      a += step;
      e += step;
      out += down;
    }
  }
  for (; i < x; i++) {
    let a = from + <usize>i * apart;
    let out = to + <usize>i * sizeof<T>();
    for (let j = 0; j < rows; j++) {
      store<T>(out, load<T>(a));
      a += step;
      out += down;
    }
  }
}
