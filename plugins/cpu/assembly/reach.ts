import { JOB_INTERPOLATOR, JOB_SHIFT, JOB_START, JOB_STEPS, LINEAR, STEP_MATRIX } from '../src/job-layout';
import { TABLE, TABLE_BYTES } from './scratch';
import { boxX, boxY, boxZ, sizeX, sizeY, sizeZ } from './stage';

/** Samples by which a reach is wider than computed: more than float32 rounds off. */
const MARGIN: f32 = 0.015625;
/** Samples along an axis of a box, and in all terms of a bound, up to which that holds. */
const LONGEST: f64 = 4096;

// Ten bounds at most, and repetitions that fill vectors: of each alpha, beta and half its width; of the slice at hand its
// least and greatest x at the middle of the tile. Then two int32 for each row of the box.
const COUNT: usize = 48;
const ALPHA: usize = TABLE;
const BETA: usize = ALPHA + COUNT;
const HALF: usize = BETA + COUNT;
const LEAST: usize = HALF + COUNT;
const MOST: usize = LEAST + COUNT;
const ROWS: usize = MOST + COUNT;

/** Samples from a voxel's position, along each axis, to the farthest that it looks at. */
let near: f64 = 1;
/** Where the next bound goes. */
let next: usize = 0;
// The image of the tile's middle, and of half its extent along its axes a, b and c.
let middleX: f64 = 0;
let middleY: f64 = 0;
let middleZ: f64 = 0;
let ax: f64 = 0;
let ay: f64 = 0;
let az: f64 = 0;
let bx: f64 = 0;
let by: f64 = 0;
let bz: f64 = 0;
let cx: f64 = 0;
let cy: f64 = 0;
let cz: f64 = 0;

/**
 * Finds, for each row of the measured box, the samples that are taps of linear, or nearest, for any voxel x0..x1, y0..y1, z0..z1 of
 * the block under an affine. Answers their number, or -1 where the box is too large.
 *
 * Those voxels' positions p fill a parallelepiped. Row j of slice k has taps of linear where |y - j| < 1 and |z - k| < 1; how far x
 * goes there is a linear programme of five constraints. For any alpha and beta,
 * x = middle + alpha (y - middle) + beta (z - middle) + what the three axes of the tile have left, so the interval of the right
 * side holds x; by duality the narrowest of these has as many of alpha, beta and the three rests at 0 as it has unknowns.
 * That makes ten, whose intersection is exact.
 */
export function measureReach(job: usize, scratch: usize, x0: i32, x1: i32, y0: i32, y1: i32, z0: i32, z1: i32): i32 {
  const rows = roundedRows();
  if (Math.max(<f64>sizeX, Math.max(<f64>sizeY, <f64>sizeZ)) > LONGEST) return -1;
  if (ROWS + <usize>(rows * sizeZ) * 8 > TABLE + TABLE_BYTES) return -1;
  near = load<i32>(job, JOB_INTERPOLATOR) < LINEAR ? 0.5 : 1;
  measureTile(job, x0, x1, y0, y1, z0, z1);
  setBounds(scratch);
  let at = scratch + ROWS;
  let sum = i32x4.splat(0);
  for (let k = 0; k < sizeZ; k++) {
    const z = f32x4.splat(<f32>(<f64>(boxZ + k) - middleZ));
    for (let f = scratch; f < scratch + COUNT; f += 16) {
      const middle = f32x4.mul(v128.load(f, BETA), z);
      v128.store(f, f32x4.sub(middle, v128.load(f, HALF)), LEAST);
      v128.store(f, f32x4.add(middle, v128.load(f, HALF)), MOST);
    }
    sum = i32x4.add(sum, reachSlice(scratch, at, rows));
    at += (<usize>rows) << 3;
  }
  return i32x4.extract_lane(sum, 0) + i32x4.extract_lane(sum, 1) + i32x4.extract_lane(sum, 2) + i32x4.extract_lane(sum, 3);
}

/** Four rows at a time, 90 instructions. */
@inline
function reachSlice(scratch: usize, at: usize, rows: i32): v128 {
  const left = f32x4.splat(<f32>(middleX - <f64>boxX - near) - MARGIN);
  const right = f32x4.splat(<f32>(middleX - <f64>boxX + near + 1) + MARGIN);
  const size = i32x4.splat(sizeX);
  let y = f32x4.add(f32x4.splat(<f32>(<f64>boxY - middleY)), f32x4(0, 1, 2, 3));
  let sum = i32x4.splat(0);
  for (let j = 0; j < rows; j += 4) {
    let low = f32x4.splat(-Infinity);
    let high = f32x4.splat(Infinity);
    for (let f = scratch; f < scratch + COUNT; f += 8) {
      const a = f32x4.mul(v128.load_splat<u32>(f, ALPHA), y);
      const b = f32x4.mul(v128.load_splat<u32>(f, ALPHA + 4), y);
      low = f32x4.pmax(low, f32x4.add(v128.load_splat<u32>(f, LEAST), a));
      high = f32x4.pmin(high, f32x4.add(v128.load_splat<u32>(f, MOST), a));
      low = f32x4.pmax(low, f32x4.add(v128.load_splat<u32>(f, LEAST + 4), b));
      high = f32x4.pmin(high, f32x4.add(v128.load_splat<u32>(f, MOST + 4), b));
    }
    const from = i32x4.max_s(i32x4.trunc_sat_f32x4_s(f32x4.ceil(f32x4.add(low, left))), i32x4.splat(0));
    const end = i32x4.min_s(i32x4.trunc_sat_f32x4_s(f32x4.floor(f32x4.add(high, right))), size);
    const to = i32x4.max_s(end, from);
    v128.store(at, v128.shuffle<i32>(from, to, 0, 4, 1, 5));
    v128.store(at, v128.shuffle<i32>(from, to, 2, 6, 3, 7), 16);
    sum = i32x4.add(sum, i32x4.sub(to, from));
    y = f32x4.add(y, f32x4.splat(4));
    at += 32;
  }
  return sum;
}

/** Of a slice, in the table. */
@inline
function roundedRows(): i32 {
  return (sizeY + 3) & -4;
}

/** Where two int32 tell from where to where the first row of a slice is looked at, counted from the box's start; those of all others follow. */
@inline
export function reachOf(scratch: usize, slice: i32): usize {
  return scratch + ROWS + ((<usize>(slice * roundedRows())) << 3);
}

function measureTile(job: usize, x0: i32, x1: i32, y0: i32, y1: i32, z0: i32, z1: i32): void {
  const m = load<usize>(job, JOB_STEPS) + STEP_MATRIX;
  const a = <f64>(x1 - 1 - x0) * 0.5;
  const b = <f64>(y1 - 1 - y0) * 0.5;
  const c = <f64>(z1 - 1 - z0) * 0.5;
  const x = <f64>(load<i32>(job, JOB_START) + x0) + a;
  const y = <f64>(load<i32>(job, JOB_START + 4) + y0) + b;
  const z = <f64>(load<i32>(job, JOB_START + 8) + z0) + c;
  middleX = image(m, x, y, z) + load<f64>(job, JOB_SHIFT);
  middleY = image(m + 32, x, y, z) + load<f64>(job, JOB_SHIFT + 8);
  middleZ = image(m + 64, x, y, z) + load<f64>(job, JOB_SHIFT + 16);
  ax = load<f64>(m) * a;
  ay = load<f64>(m, 32) * a;
  az = load<f64>(m, 64) * a;
  bx = load<f64>(m, 8) * b;
  by = load<f64>(m, 40) * b;
  bz = load<f64>(m, 72) * b;
  cx = load<f64>(m, 16) * c;
  cy = load<f64>(m, 48) * c;
  cz = load<f64>(m, 80) * c;
}

@inline
function image(m: usize, x: f64, y: f64, z: f64): f64 {
  return load<f64>(m) * x + load<f64>(m, 8) * y + load<f64>(m, 16) * z + load<f64>(m, 24);
}

function setBounds(scratch: usize): void {
  next = scratch;
  addBound(0, 0);
  addBound(ax / ay, 0);
  addBound(bx / by, 0);
  addBound(cx / cy, 0);
  addBound(0, ax / az);
  addBound(0, bx / bz);
  addBound(0, cx / cz);
  addCrossing(ax, ay, az, bx, by, bz);
  addCrossing(bx, by, bz, cx, cy, cz);
  addCrossing(ax, ay, az, cx, cy, cz);
  while (next < scratch + COUNT) addBound(0, 0);
}

/** The one to which axes p and q of the tile add nothing. */
function addCrossing(px: f64, py: f64, pz: f64, qx: f64, qy: f64, qz: f64): void {
  const area = py * qz - qy * pz;
  addBound((px * qz - qx * pz) / area, (py * qx - qy * px) / area);
}

/** All bounds hold, so one whose terms are too large to be computed well, or no numbers, is left out. */
function addBound(alpha: f64, beta: f64): void {
  if (!(Math.abs(alpha) * <f64>sizeY + Math.abs(beta) * <f64>sizeZ < LONGEST)) return;
  const rest = Math.abs(ax - alpha * ay - beta * az) + Math.abs(bx - alpha * by - beta * bz) + Math.abs(cx - alpha * cy - beta * cz);
  store<f32>(next, <f32>alpha, ALPHA);
  store<f32>(next, <f32>beta, BETA);
  store<f32>(next, <f32>(rest + near * (Math.abs(alpha) + Math.abs(beta))), HALF);
  next += 4;
}
