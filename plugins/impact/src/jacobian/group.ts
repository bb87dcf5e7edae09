import type { Course } from './course.js';
import type { Patches } from './patches.js';
import type { ShiftedPatches } from './shift-differences.js';

/** Some samples of a run, their patches sampled. */
export interface Group {
  readonly course: Course;
  readonly patches: Patches;
  readonly shifted: ShiftedPatches | undefined;
  /** Per sample (or per patch voxel, if the map is differentiated there) and moving axis. */
  readonly slopes: Float64Array | undefined;
  readonly progress: (share: number) => void;
}
