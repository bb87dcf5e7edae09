import {
  JOB_DIMS, STEP_LATTICE, STEP_LATTICE_SIZE, STEP_LATTICE_WIDE, STEP_LOOKUP, STEP_MATRIX, STEP_ORDER,
  STEP_OUTSIDE, STEP_VECTORS,
} from '../src/job-layout';
import { POSITION, POSITION_AXIS, WEIGHT, WEIGHT_AXIS } from './scratch';

/** Replaces n positions x by matrix · x + vectors · u(lookup · x). */
export function fieldStep(job: usize, step: usize, scratch: usize, n: i32): void {
  unreachable();
}
