// The parameters of the kernels, by value: written by src/parameters.ts, which lays fields out as C does.
#pragma once

#include <stdint.h>

/** Pixel types in the order of the sdk's PIXEL_TYPES. */
enum Pixel { UINT8, INT8, UINT16, INT16, UINT32, INT32, FLOAT32, FLOAT64 };
enum Interpolator { NEAREST, NEAREST_EVEN, LINEAR, BSPLINE, KEYS_HALF, KEYS_THREE_QUARTERS, LANCZOS3 };
/** What a tap off the samples reads. */
enum Fold { FOLD_FILL, FOLD_CLAMP, FOLD_REFLECT, FOLD_MIRROR, FOLD_PERIODIC };
/** Which positions have the fill value: none, those off [0, n-1], those off [-0.5, n-0.5). */
enum Limit { LIMIT_NONE, LIMIT_SAMPLES, LIMIT_CELLS };
enum Outside { OUTSIDE_ZERO, OUTSIDE_BUFFER, OUTSIDE_EDGE };
enum StepKind { STEP_AFFINE, STEP_FIELD };

/** Samples on the device, planar by channel, x fastest; z is 1 for a picture. Only a box of them may be there. */
struct Source {
  /** Where sample 0 0 0 lies, or would lie. */
  uint64_t address;
  /** Samples from one channel, row and slice to the next. */
  int64_t channel_stride;
  int64_t row_stride;
  int64_t slice_stride;
  /** Per axis, margins included. */
  int32_t size[3];
  /** Samples before the image's first and after its last, on each axis of the image. */
  int32_t margin;
  int32_t pixel;
  int32_t channels;
  int32_t dims;
};

struct Rules {
  /** Value, and derivative, of what is outside or has no finite position. */
  double fill;
  double flat;
  int32_t interpolator;
  int32_t fold;
  int32_t limit;
  /** 1: positions off [0, n-1] move by whole periods of n-1 first (SciPy's wrap). */
  int32_t wraps;
  int32_t gradient;
};

/** Row-major 3 x 4: output index to input index. A map of pictures has z = 0. */
struct AffineMap {
  double matrix[12];
};

struct Step {
  double matrix[12];
  /** Row-major 3 x 3. */
  double vectors[9];
  /** Row-major 3 x 4. */
  double lookup[12];
  /** Where control point 0 0 0 lies, or would lie where only a box of them is there. */
  uint64_t lattice;
  int64_t plane_stride;
  int64_t row_stride;
  int64_t slice_stride;
  int32_t kind;
  int32_t order;
  int32_t outside;
  /** 1: the lattice is float64, 0: float32. */
  int32_t wide;
  int32_t size[3];
};

/** Any map, as steps applied first to last; of a block's voxels, or of a list of points. */
struct StepsMap {
  uint64_t steps;
  /** N positions of `dims` float64 each, or 0 for the voxels of the block. */
  uint64_t points;
  int32_t count;
};

/** A block of output; of a list of points their number, 1, 1. */
struct Output {
  uint64_t address;
  /** Absolute output index of the block's first voxel: whole numbers. */
  double start[3];
  /** Values from one plane, row and slice to the next. */
  int64_t plane_stride;
  int64_t row_stride;
  int64_t slice_stride;
  int32_t size[3];
  int32_t pixel;
};

/** Lines of a float64 volume that are filtered in place. */
struct Lines {
  uint64_t address;
  /** Values from one value of a line to the next. */
  int64_t stride;
  /** Lines are counted by `inner` neighbours, 1 apart or `inner_stride`, and `outer` groups. */
  int64_t inner_stride;
  int64_t outer_stride;
  int32_t length;
  int32_t inner;
  int32_t outer;
  int32_t order;
  int32_t fold;
};

/**
 * Samples of a metric as float64 planes of `count` values each, `stride` apart. `moving` has a plane per channel, then,
 * with a gradient, one per axis and channel; masks are 0 where they are absent.
 */
struct Planes {
  uint64_t fixed;
  uint64_t moving;
  uint64_t fixed_mask;
  uint64_t moving_mask;
  /** Written: 1 where a sample counts, else 0. */
  uint64_t valid;
  int64_t count;
  int64_t stride;
  /** Number, in all samples of the run, of the first that is here. */
  int64_t first;
  int32_t channels;
  int32_t dims;
  int32_t gradient;
};

/** What is taken off the values of one channel, and how a slope comes of what is left. */
struct Channel {
  double fixed_mean;
  double moving_mean;
  /** The slope by a moving value: fixed_factor (f - mean) + moving_factor (m - mean). */
  double fixed_factor;
  double moving_factor;
  int32_t channel;
};

/** Where blocks of threads leave their sums: a row of so many values as the kernel has for every `samples` samples. */
struct Sums {
  uint64_t address;
  int64_t samples;
};

/** Sums that all threads add to, as whole numbers of 1 / scale each. */
struct Scatter {
  uint64_t address;
  double scale;
  int64_t count;
};

/** A joint histogram, a row per bin of the fixed image; both have as many bins, two of them padding on either side. */
struct Bins {
  /** Whole numbers of 1 / scale; or what each bin adds to a slope, in a pair by how much more than that does the next one. */
  uint64_t table;
  double fixed_min, fixed_max, fixed_width;
  double moving_min, moving_max, moving_width;
  double scale;
  int32_t bins;
  int32_t channel;
  /** What blocks of threads count by themselves: so many cells of the table, from first_cell on; 0: none. */
  int32_t first_cell;
  int32_t cells;
};

/** Windows of a list, one after the other: `stride` samples each, of which the middle one is the window's own. */
struct Windows {
  /** WINDOW_SLOPES planes of a value per window: written by correlate_windows unless 0, read by add_window_cotangents. */
  uint64_t slopes;
  /** Of the cotangents. */
  double factor;
  int32_t stride;
  int32_t channel;
};

/** A box of a grid's samples, about each of which is a window. */
struct Boxes {
  /** BOX_MOMENTS planes of a value per sample of the box each, `count` apart: of them sums are made, and back again. */
  uint64_t here;
  uint64_t there;
  int64_t count;
  /** Samples of the box before the first of the Planes. */
  int64_t before;
  /** What is taken off the values before their squares are summed, for their digits. */
  double fixed_shift;
  double moving_shift;
  /** Of the cotangents. */
  double factor;
  int32_t size[3];
  /** Samples on either side. */
  int32_t radius[3];
  int32_t channel;
};

/** Sums along one axis of a box's planes. */
struct Along {
  int32_t axis;
  int32_t planes;
};

/** Two volumes of one channel that are compared under an affine. Masks have address 0 where they are absent. */
struct Pair {
  /** float32, no number where a sample does not count; or uint8, rows of a histogram. */
  Source fixed;
  /** float32. */
  Source moving;
  /** Of the moving volume. */
  Source mask;
};

/** Samples of a chunk, which one block of threads adds up: a column of CHUNK_Z for each thread. */
enum { CHUNK_X = 32, CHUNK_Y = 8, CHUNK_Z = 64 };

/** Chunks of a grid. */
struct Chunks {
  /** One of sums for every chunk of the grid, x fastest. */
  uint64_t rows;
  /** What is taken off the values before they are multiplied, for their digits. */
  double fixed_shift;
  double moving_shift;
  /** Of the grid. */
  int32_t size[3];
  /** The first of the chunks that are launched, counted in chunks. */
  int32_t start[3];
};

/** Rows of sums that are added up by groups. */
struct Rows {
  uint64_t from;
  uint64_t to;
  int64_t count;
  int32_t columns;
  int32_t group;
};

/** Samples with index `low` up to, but not with, `high`. */
struct IndexBox {
  int32_t low[3];
  int32_t high[3];
};

/** Windows about the samples of a pair, which blocks of threads judge by tiles of the grid. */
struct PairWindows {
  /** Of sums for every tile of the grid, x fastest. */
  uint64_t rows;
  /** The moving values as float64, no number where there is none: as many of them, and as far apart, as fixed ones. */
  uint64_t values;
  /** What windows say of slopes: float32, float32 and float64, as far apart; 0: nothing is wanted of them. */
  uint64_t a, b, c;
  /** Values become value * scale + offset, which is near 0 and, for its exponents, of order 1. Scales are powers of 2. */
  double fixed_scale, fixed_offset;
  double moving_scale, moving_offset;
  /** The fixed value that becomes 0. */
  float fixed_shift;
  /** Samples on either side. */
  int32_t radius[3];
  /** Of the grid. */
  int32_t tiles[3];
  /** The first of the tiles that are launched, counted in tiles; and those of them that leave sums. */
  int32_t start[3];
  IndexBox own;
  /** Samples that are there, and those whose windows are judged. */
  IndexBox there;
  IndexBox judged;
};
