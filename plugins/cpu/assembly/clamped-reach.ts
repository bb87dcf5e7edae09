import { JOB_SIZE } from '../src/job-layout';
import { reachOf } from './reach';
import { boxY, boxZ, sizeX, sizeY, sizeZ } from './stage';

/** Adds to what the rows of a box cut off at edges are looked at what cells beyond take from there; answers the sum of all. */
export function widenReach(job: usize, scratch: usize): i32 {
  let sum = 0;
  for (let k = 0; k < sizeZ; k++) {
    let reach = reachOf(scratch, k);
    const isEdge = isAtEdge(boxZ, k, sizeZ, load<i32>(job, JOB_SIZE + 8));
    for (let j = 0; j < sizeY; j++) {
      let from = load<i32>(reach);
      let to = load<i32>(reach, 4);
      if (isEdge || isAtEdge(boxY, j, sizeY, load<i32>(job, JOB_SIZE + 4))) {
        from = 0;
        to = sizeX;
      }
      // The two taps at an end of the box are those of all beyond.
      if (from == 0) to = max(to, 2);
      if (max(from, to) >= sizeX) {
        from = min(from, sizeX - 2);
        to = sizeX;
      }
      store<i32>(reach, from);
      store<i32>(reach, to, 4);
      sum += to - from;
      reach += 8;
    }
  }
  return sum;
}

/** Is place i of a box of so many one of the two that the cells beyond an axis of n samples look at? */
@inline
function isAtEdge(first: i32, i: i32, size: i32, n: i32): bool {
  return (first < 0 && i < 2) || (first + size > n && i >= size - 2);
}
