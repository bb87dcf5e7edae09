// The bytes of a metric's pass over its samples, read by the kernels and written by the plugin, as job-layout.ts. The
// first three words are those of every job; a tile there is a group of tiles here.

/** Address of the resample job that says where samples lie and how the moving image is read there. */
export const METRIC_MOVING = 12;
/** Address of the one that reads the fixed image at points; 0: sample n is its n-th voxel. */
export const METRIC_FIXED_JOB = 16;
/** Voxels of the fixed image, channel by channel. */
export const METRIC_FIXED = 20;
export const METRIC_FIXED_TYPE = 24;
/** A byte per voxel: does it count? Or 0: all do. Its mask, where samples are points. */
export const METRIC_FIXED_MASK = 28;
export const METRIC_FIXED_SIZE = 32;
/** A byte per voxel, or 0. */
export const METRIC_MOVING_MASK = 44;
export const METRIC_MOVING_SIZE = 48;
/** What is done with the samples: MODE_*. */
export const METRIC_MODE = 60;
/** Where their slopes go: SINK_*. */
export const METRIC_SINK = 64;
export const METRIC_CHANNELS = 68;
/** Samples. */
export const METRIC_COUNT = 72;
export const METRIC_FIRST_TILE = 76;
export const METRIC_END_TILE = 80;
/** Tiles whose sums are taken together. */
export const METRIC_GROUP = 84;
/** Address of the sums: for each group, for each channel. */
export const METRIC_SLOTS = 88;
/** Address of what is known of each channel. */
export const METRIC_PARAMS = 92;
/** Planes of one value per sample and channel, in the type of arithmetic. */
export const METRIC_MOVING_PLANE = 96;
export const METRIC_FIXED_PLANE = 100;
export const METRIC_SLOPE_PLANE = 104;
/** A byte per sample: does it count? */
export const METRIC_VALID_PLANE = 108;
/** 1: the bytes of that plane decide, with the rest. */
export const METRIC_READS_VALID = 112;
/** 1: values may be infinite or no number. */
export const METRIC_CHECKS = 116;
export const METRIC_BINS = 120;
/** Joint histograms of the groups and channels, or the tables of slopes of the channels. */
export const METRIC_TABLE = 124;
/** The fixed bin of each voxel and channel, 16 bits; or 0. */
export const METRIC_FIXED_BINS = 128;
/** Parts of the lattice that tiles add to, from the first tile of the pass on. */
export const METRIC_BOXES = 132;
/** D numbers per sample, float64. */
export const METRIC_COTANGENTS = 136;
export const METRIC_BYTES = 144;

/** Writes which samples count in all channels. */
export const MODE_VALIDITY = 0;
/** Σ (m - f)². */
export const MODE_SQUARES = 1;
/** Σ f, Σ m, Σ f², Σ m², Σ f m, of values less the channel's shifts. */
export const MODE_MOMENTS = 2;
/** Slopes α f + β m + γ, of values less the channel's shifts. */
export const MODE_LINEAR = 3;
/** Adds to the joint histogram. */
export const MODE_JOINT = 4;
/** Slopes from the table. */
export const MODE_TABLE = 5;
/** Writes the values. */
export const MODE_PLANES = 6;
/** Slopes from their plane. */
export const MODE_SLOPES = 7;

export const SINK_NONE = 0;
export const SINK_AFFINE = 1;
/** Each tile's part of a lattice. */
export const SINK_BOXES = 2;
export const SINK_COTANGENTS = 3;

// A slot of sums, float64.
export const SLOT_COUNT = 0;
/** Σ (m - f)², or the five moments. */
export const SLOT_SUMS = 8;
/** Three parts of the derivative by a matrix of 3 × 4: slopes f, m and 1, or the slopes themselves. */
export const SLOT_PARTS = 64;
export const PART_BYTES = 96;
export const SLOT_BYTES = 352;

// What is known of a channel, float64.
export const PARAM_FIXED_SHIFT = 0;
export const PARAM_MOVING_SHIFT = 8;
export const PARAM_ALPHA = 16;
export const PARAM_BETA = 24;
export const PARAM_GAMMA = 32;
export const PARAM_FIXED_MIN = 40;
export const PARAM_FIXED_MAX = 48;
export const PARAM_FIXED_WIDTH = 56;
export const PARAM_MOVING_MIN = 64;
export const PARAM_MOVING_MAX = 72;
export const PARAM_MOVING_WIDTH = 80;
/** Non-zero: no joint histogram, no slopes. */
export const PARAM_IS_FLAT = 88;
export const PARAM_BYTES = 96;

/** Bins on either side of a range, which the cubic window may reach. */
export const PADDING = 2;
/** Coefficients of 1, t and t² in a cell of the table, and one unused. */
export const TABLE_CELL = 4;

// A tile's part of a lattice: address, first control point and number of control points per axis.
export const BOX_ADDRESS = 0;
export const BOX_FIRST = 4;
export const BOX_SIZE = 16;
export const BOX_BYTES = 28;

// A job that adds the boxes up, or scatters cotangents; a tile is a layer of the lattice, or a component.
export const FOLD_BOXES = 12;
export const FOLD_BOX_COUNT = 16;
export const FOLD_LATTICE = 20;
export const FOLD_LATTICE_SIZE = 24;
export const FOLD_DIMS = 36;
export const FOLD_STEP = 40;
export const FOLD_POINTS = 44;
export const FOLD_COTANGENTS = 48;
export const FOLD_POINT_COUNT = 52;
export const FOLD_BYTES = 56;
