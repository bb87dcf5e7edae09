// The bytes of a job of local correlation, as job-layout.ts. Planes hold one value per sample and channel.

/** 1: planes of float64, 0: float32. */
export const LOCAL_WIDE = 12;
/** Voxels per axis. */
export const LOCAL_SIZE = 16;
/** Voxels on either side, per axis, below the size. */
export const LOCAL_RADIUS = 28;
/** Voxels per axis of the part of a channel that a task does. */
export const LOCAL_TILE = 40;
export const LOCAL_FIXED = 52;
export const LOCAL_MOVING = 56;
/** A byte per sample. */
export const LOCAL_VALID = 60;
/** The shifts of each channel, two float64. */
export const LOCAL_SHIFTS = 64;
/** Three planes for each channel: a, b and c of each window; 0: slopes are not wanted. */
export const LOCAL_WINDOWS = 68;
export const LOCAL_SLOPES = 72;
/** Σ of the figures of each task's windows, float64. */
export const LOCAL_SUMS = 76;
/** Of listed windows: their number, and samples of each. */
export const LOCAL_COUNT = 80;
export const LOCAL_WIDTH = 84;
export const LOCAL_BYTES = 88;

/** Quantities that are summed over windows: f, m, f², m², f m, 1. */
export const MOMENTS = 6;
/** And over the windows that hold a sample: a, b, c. */
export const COEFFICIENTS = 3;
