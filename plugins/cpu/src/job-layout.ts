// The bytes of a job, read by the kernels and written by the plugin: one file, compiled by both compilers.
// 32-bit words first, then float64. A job lies in shared memory; all workers read the same one.

/** Next tile to take; workers add to it atomically. */
export const JOB_NEXT = 0;
/** Non-zero: take no more tiles. */
export const JOB_ABORT = 4;
export const JOB_TILE_COUNT = 8;
/** 2 or 3; a picture is a volume of depth 1 whose z taps are left out. */
export const JOB_DIMS = 12;
export const JOB_CHANNELS = 16;

/** Address of the samples of the first channel. */
export const JOB_SOURCE = 20;
export const JOB_SOURCE_TYPE = 24;
/** Samples per axis that the boundary folds into; three words. */
export const JOB_SIZE = 28;
/** Samples between rows, planes and channels in memory. */
export const JOB_ROW = 40;
export const JOB_PLANE = 44;
export const JOB_CHANNEL = 48;
/**
 * Addresses of three tables from sample index to index in memory, -1 for what is not there; all three 0 where they are the
 * same. Without tables the first sample, at JOB_SOURCE, may itself lie outside of memory.
 */
export const JOB_LOOKUP = 52;

export const JOB_INTERPOLATOR = 64;
/** Where a tap off the samples is read: FOLD_*. */
export const JOB_FOLD = 68;
/** 1: arithmetic in float64, 0: float32. Positions are float64 always. */
export const JOB_WIDE = 72;
export const JOB_GRADIENT = 76;
export const JOB_OUT = 84;
export const JOB_OUT_TYPE = 88;
/** Voxels per axis of the block; for points: their number, 1, 1. */
export const JOB_BLOCK = 92;
/** Absolute output index of the block's first voxel. */
export const JOB_START = 104;
/** Voxels per plane of output. */
export const JOB_OUT_PLANE = 116;
export const JOB_TILE = 120;
export const JOB_TILES = 132;

/** Address of N positions (x y z interleaved, float64), or 0 for the voxels of the block. */
export const JOB_POINTS = 144;
export const JOB_STEPS = 148;
export const JOB_STEP_COUNT = 152;
/** Value of what is outside: the boundary's, or NaN where it has none. */
export const JOB_FILL = 160;
/** Added to every mapped position, three float64: where samples were padded. */
export const JOB_SHIFT = 168;
/** Samples per axis that decide what is outside (before padding), three float64. */
export const JOB_EXTENT = 192;
/** LIMIT_*. */
export const JOB_LIMIT = 216;
/** 1: positions outside [0, n - 1] move by whole periods of n - 1 first (SciPy's wrap). */
export const JOB_WRAP = 220;
/** Derivative where the fill value stands, float64. */
export const JOB_FLAT = 224;
/** First and last sample along each axis that is in memory, three words each; what lies beyond is not to be touched. */
export const JOB_HELD_FIRST = 232;
export const JOB_HELD_LAST = 244;
export const JOB_BYTES = 256;

// A step of a map.
export const STEP_KIND = 0;
export const STEP_ORDER = 4;
export const STEP_OUTSIDE = 8;
export const STEP_LATTICE = 12;
export const STEP_LATTICE_WIDE = 16;
export const STEP_LATTICE_SIZE = 20;
/** 3 × 4 float64. */
export const STEP_MATRIX = 32;
/** 3 × 3 float64. */
export const STEP_VECTORS = 128;
/** 3 × 4 float64. */
export const STEP_LOOKUP = 200;
/** Control points between rows, planes and components in memory, a word each; the first one, at STEP_LATTICE, may lie outside of it. */
export const STEP_LATTICE_ROW = 296;
export const STEP_LATTICE_PLANE = 300;
export const STEP_LATTICE_COMPONENT = 304;
export const STEP_BYTES = 312;

export const STEP_AFFINE = 0;
export const STEP_FIELD = 1;

export const OUTSIDE_ZERO = 0;
export const OUTSIDE_BUFFER = 1;
export const OUTSIDE_EDGE = 2;

export const TYPE_UINT8 = 0;
export const TYPE_INT8 = 1;
export const TYPE_UINT16 = 2;
export const TYPE_INT16 = 3;
export const TYPE_UINT32 = 4;
export const TYPE_INT32 = 5;
export const TYPE_FLOAT32 = 6;
export const TYPE_FLOAT64 = 7;

/** The fill value. */
export const FOLD_FILL = 0;
/** The sample at the edge. */
export const FOLD_CLAMP = 1;
/** Half-sample reflection, period 2n. */
export const FOLD_REFLECT = 2;
/** Whole-sample reflection, period 2n - 2. */
export const FOLD_MIRROR = 3;
/** Period n. */
export const FOLD_PERIODIC = 4;

/** No position is outside. */
export const LIMIT_NONE = 0;
/** Outside [0, n - 1] is the fill value. */
export const LIMIT_SAMPLES = 1;
/** Outside [-0.5, n - 0.5) is the fill value. */
export const LIMIT_CELLS = 2;

export const NEAREST = 0;
export const NEAREST_EVEN = 1;
export const LINEAR = 2;
export const BSPLINE2 = 3;
export const BSPLINE3 = 4;
export const BSPLINE4 = 5;
export const BSPLINE5 = 6;
export const KEYS_HALF = 7;
export const KEYS_THREE_QUARTERS = 8;
export const LANCZOS3 = 9;
export const LABEL_LINEAR = 10;

/** Bytes of memory that each worker keeps for itself: rows, cubes and the staged box. */
export const SCRATCH_BYTES = 4194304;

// A job that filters lines shares JOB_NEXT, JOB_ABORT and JOB_TILE_COUNT, a tile being some bundles of lines.
export const FILTER_DATA = 12;
/** 1: float64, 0: float32. */
export const FILTER_WIDE = 16;
/** x, y, z; the slices of all channels count in z unless z is filtered. */
export const FILTER_SIZE = 20;
export const FILTER_CHANNELS = 32;
export const FILTER_AXIS = 36;
export const FILTER_ORDER = 40;
/** How a line goes on before its first sample and past its last: FOLD_MIRROR or FOLD_REFLECT, or at both FOLD_PERIODIC. */
export const FILTER_FOLD = 44;
export const FILTER_FOLD_END = 48;
/** Set to 1 when a line has a sample, or comes to a coefficient, that is not finite. */
export const FILTER_ODD = 52;
/** Bundles, and those of a tile: neighbours, which one thread is to have, since caches fetch the lines beside one that is read. */
export const FILTER_BUNDLES = 56;
export const FILTER_GROUP = 60;
export const FILTER_BYTES = 64;
/** Lines of a bundle: a cache line of float32. */
export const FILTER_LINES = 16;
