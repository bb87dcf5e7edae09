// What a metric keeps of one chunk of samples, in a worker's scratch memory, beside what scratch.ts lays out.

const ROW: usize = 640;
/** Fixed values, in the type of arithmetic. */
export const FIXED: usize = 16384;
/** Slopes of the samples, or their fixed and their moving values less the shifts. */
export const SLOPES: usize = FIXED + ROW;
export const FIXED_SHIFTED: usize = FIXED + 2 * ROW;
export const MOVING_SHIFTED: usize = FIXED + 3 * ROW;
export const ONES: usize = FIXED + 4 * ROW;
/** Places in the joint histogram, uint32, and within the bin. */
export const CELL: usize = FIXED + 5 * ROW;
export const WITHIN: usize = FIXED + 6 * ROW;
