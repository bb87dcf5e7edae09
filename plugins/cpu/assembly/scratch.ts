// What a worker keeps for itself, as byte offsets from the start of its scratch memory.

/** Samples handled at once: one bit each of a word that says which are outside or in view. */
export const CHUNK: i32 = 64;
/** Samples whose taps are collected one by one at a time. */
export const CUBES: i32 = 32;

// Vectors read and write whole groups of four, so every array has room past its end.
const SLOTS: usize = 80;

/** Mapped positions, float64 per axis. */
export const POSITION: usize = 0;
export const POSITION_AXIS: usize = SLOTS * 8;
/** Index of the first tap, int32 per axis. */
export const INDEX: usize = POSITION + 3 * POSITION_AXIS;
export const INDEX_AXIS: usize = SLOTS * 4;
/** Distance from the cell's start, float32 or float64 per axis. */
export const FRACTION: usize = INDEX + 3 * INDEX_AXIS;
export const FRACTION_AXIS: usize = SLOTS * 8;
/** Byte offset of the first tap, uint32. */
export const OFFSET: usize = FRACTION + 3 * FRACTION_AXIS;
/** Results: value, then d/dx, d/dy, d/dz; float32 or float64. */
export const VALUE: usize = OFFSET + SLOTS * 4;
export const VALUE_PLANE: usize = SLOTS * 8;
/** Weights of the taps of one sample, six float64 per axis, then their derivatives. */
export const WEIGHT: usize = VALUE + 4 * VALUE_PLANE;
export const WEIGHT_AXIS: usize = 64;
export const WEIGHT_DERIVATIVE: usize = 3 * WEIGHT_AXIS;
/** The window through which samples are read, see view.ts. */
export const VIEW: usize = WEIGHT + 6 * WEIGHT_AXIS;
/** Positions of the taps of one cube in memory, six int32 per axis. */
export const TAP: usize = VIEW + 64;
export const TAP_AXIS: usize = 32;
/** Slope and offset of each axis of a straight row, two float64 each. */
export const LINE: usize = TAP + 3 * TAP_AXIS;
/** The terms of the offset: by y, by z and the matrix's own, three float64 for each axis. */
export const LINE_TERMS: usize = LINE + 48;
/** Bounds of the positions of a row, four float64 for each axis, see straight.ts. */
export const BOUND: usize = LINE_TERMS + 72;
export const BOUND_AXIS: usize = 32;
/** What row-ends.ts keeps of each axis of a tile. */
export const ENDS: usize = BOUND + 3 * BOUND_AXIS;
export const ENDS_AXIS: usize = 48;
export const FLAT_ENDS: usize = ENDS + 3 * ENDS_AXIS;
/** The view of tight-view.ts. */
export const TIGHT: usize = 9216;
/** What nearest-row.ts places a stretch with. */
export const RUN: usize = TIGHT + 128;
/** Inner voxels of a straight row that are handled at once. */
export const STRETCH: i32 = 256;
/** Their addresses and fractions along x, y and z, 32 bits each, and values, up to 64 bits each. */
export const STRETCH_PLACE: usize = RUN + 128;
export const STRETCH_AXIS: usize = (<usize>STRETCH + 16) * 4;
export const STRETCH_VALUE: usize = STRETCH_PLACE + 4 * STRETCH_AXIS;
/** How a part of a row folds along each axis, see folded-row.ts. */
export const RULE: usize = STRETCH_VALUE + 2 * STRETCH_AXIS;
export const RULE_AXIS: usize = 32;
/** What clamped-row.ts places an axis with. */
export const CLAMP: usize = RULE + 3 * RULE_AXIS;
/** The ends of rows that row-ends.ts has found, two int32 each. */
export const ROW_ENDS: usize = STRETCH_VALUE + 3 * STRETCH_AXIS;
/** Fractions, offsets and values of a chunk of positions whose odd ones are done by themselves, see curved-row.ts. */
export const CURVED_FRACTION: usize = 24576;
export const CURVED_OFFSET: usize = CURVED_FRACTION + 3 * FRACTION_AXIS;
export const CURVED_VALUE: usize = CURVED_OFFSET + SLOTS * 4;
export const CURVED_POSITION: usize = CURVED_VALUE + SLOTS * 4;
/** Collected taps: at most 6 × 6 × 6 float64 for each of CUBES samples. */
export const CUBE: usize = 32768;
/** Tables of a staged box or of a separable map. */
export const TABLE: usize = CUBE + 65536;
export const TABLE_BYTES: usize = 262144;
/** The staged box, to the end of the scratch memory. */
export const STAGE: usize = TABLE + TABLE_BYTES;
