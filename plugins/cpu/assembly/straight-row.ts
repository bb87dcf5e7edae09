import {
  JOB_GRADIENT, JOB_OUT_TYPE, JOB_START, JOB_STEPS, STEP_MATRIX,
} from '../src/job-layout';
import { fillChunk, sampleChunk, sampleInner } from './chunk';
import { deliver } from './deliver';
import { placeTightClamped } from './clamped-row';
import { copyFolded } from './folded-row';
import { copyNearest, isNearestOpen } from './nearest-row';
import { linePositions, setLine, shiftPositions } from './positions';
import { innerFrom, innerTo, judgeTileRow, outerFrom, outerTo } from './row-ends';
import { bytesOf, typeOf } from './sample';
import { CHUNK, STRETCH, STRETCH_VALUE } from './scratch';
import { blendTight, placeTight } from './tight-row';
import { blendTightWide } from './tight-wide-row';
import { isTightOpen } from './tight-view';
import { isClamped, viewType } from './view';

/**
 * x0 to x1 of a row of the block that an affine maps to a straight line, whose voxel 0 is written to `out`: what is surely
 * outside is filled, what is surely inside sampled at once.
 */
export function sampleStraight<F>(
  job: usize, scratch: usize, source: usize, x0: i32, x1: i32, y: i32, z: i32, out: usize,
): void {
  const start = load<i32>(job, JOB_START);
  const bytes = bytesOf(load<i32>(job, JOB_OUT_TYPE));
  setLine(job, scratch, load<usize>(job, JOB_STEPS) + STEP_MATRIX, y, z);
  judgeTileRow(job, scratch, start + x0, start + x1, y, z);
  const outer0 = outerFrom - start;
  const outer1 = outerTo - start;
  // Slopes are not read from integers as they are.
  const readsTwice = load<i32>(job, JOB_GRADIENT) != 0 && viewType(scratch) != typeOf<F>();
  const inner0 = readsTwice ? outer1 : innerFrom - start;
  const inner1 = readsTwice ? outer1 : innerTo - start;
  fill<F>(job, scratch, x0, outer0, out, bytes);
  sampleEdge<F>(job, scratch, source, start, outer0, inner0, out, bytes);
  if (isNearestOpen()) copyNearest(job, scratch, bytes, <f64>(start + inner0), inner1 - inner0, out + <usize>inner0 * bytes);
  else if (isTightOpen(scratch)) sampleStretches<F>(job, scratch, source, start, inner0, inner1, out, bytes);
  else {
    for (let x = inner0; x < inner1; x += CHUNK) {
      sampleInner<F>(job, scratch, <f64>(start + x), min(CHUNK, inner1 - x), out + <usize>x * bytes);
    }
  }
  sampleEdge<F>(job, scratch, source, start, inner1, outer1, out, bytes);
  fill<F>(job, scratch, outer1, x1, out, bytes);
}

/** Voxels that are surely outside. */
@inline
function fill<F>(job: usize, scratch: usize, x0: i32, x1: i32, out: usize, bytes: usize): void {
  for (let x = x0; x < x1; x += CHUNK) fillChunk<F>(job, scratch, min(CHUNK, x1 - x), out + <usize>x * bytes);
}

/** Voxels that are not inner, all at once where the boundary folds them by one formula. */
@inline
function sampleEdge<F>(
  job: usize, scratch: usize, source: usize, start: i32, x0: i32, x1: i32, out: usize, bytes: usize,
): void {
  if (x0 >= x1 || copyFolded(job, scratch, start + x0, start + x1, out + <usize>x0 * bytes)) return;
  sampleOdd<F>(job, scratch, source, start, x0, x1, out, bytes);
}

/** Voxels of which nothing is known. */
function sampleOdd<F>(
  job: usize, scratch: usize, source: usize, start: i32, x0: i32, x1: i32, out: usize, bytes: usize,
): void {
  for (let x = x0; x < x1; x += CHUNK) {
    const n = min(CHUNK, x1 - x);
    linePositions(job, scratch, <f64>(start + x), n);
    shiftPositions(job, scratch, n);
    sampleChunk<F>(job, scratch, source, n, out + <usize>x * bytes);
  }
}

/** Inner voxels of a tile that has a tight box; where one of them is not finite, a stretch is sampled from the source. */
function sampleStretches<F>(
  job: usize, scratch: usize, source: usize, start: i32, x0: i32, x1: i32, out: usize, bytes: usize,
): void {
  const type = load<i32>(job, JOB_OUT_TYPE);
  for (let x = x0; x < x1; x += STRETCH) {
    const n = min(STRETCH, x1 - x);
    const to = out + <usize>x * bytes;
    const values = type == typeOf<F>() ? to : scratch + STRETCH_VALUE;
    if (!blendStretch<F>(scratch, <f64>(start + x), n, values)) {
      sampleOdd<F>(job, scratch, source, start, x, x + n, out, bytes);
    } else if (values != to) deliver<F>(type, values, n, to);
  }
}

/** Linear, of voxels from index x on, in the type of arithmetic. */
@inline
function blendStretch<F>(scratch: usize, x: f64, n: i32, values: usize): bool {
  if (sizeof<F>() == 8) return blendTightWide(scratch, x, n, values);
  if (isClamped(scratch)) placeTightClamped(scratch, x, n);
  else placeTight(scratch, x, n);
  return blendTight(scratch, n, values);
}
