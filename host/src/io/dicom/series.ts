import { faultIn } from '../bad-file.js';
import type { DicomSlice } from './scan.js';

/** A slice and the file that it is in. */
export interface FiledSlice extends DicomSlice {
  readonly path: string;
  /** Bytes of the file. */
  readonly size: number;
}

/** Files of a series in the order of their place, and where its voxels lie. */
export interface DicomSeries {
  readonly paths: readonly string[];
  readonly size: readonly number[];
  /** Index -> physical, LPS, 3 × 4. */
  readonly affine: Float64Array;
  /** Of all files. */
  readonly fileBytes: number;
}

/** Relative to the mean distance of slices: positions are written with few decimals, a missing slice is 1. */
const UNEVEN = 0.05;

/** Cosine that two normals of one series may differ by. */
const TURNED = 1e-4;

/**
 * Sorts the slices of a folder by their position along the normal of the first. The third axis is the step from
 * slice to slice, so a tilted gantry shows as the shear it is. Throws the fault of what is no one series.
 */
export function sortSeries(slices: readonly FiledSlice[]): DicomSeries {
  const [first] = slices;
  if (first === undefined)
    throw faultIn('path', 'is a folder without a DICOM file', 'name the file itself');
  for (const slice of slices) assertComplete(slice);
  assertAlike(slices, first);
  const normal = cross(first.orientation.slice(0, 3), first.orientation.slice(3));
  const along = (slice: DicomSlice) => dot(slice.position, normal);
  const sorted = slices.toSorted((a, b) => along(a) - along(b));
  const step = stepOf(sorted, normal);
  const [between, beside] = first.spacing;
  const columns = [
    first.orientation.slice(0, 3).map((v) => v * beside),
    first.orientation.slice(3).map((v) => v * between),
    step,
    sorted[0].position,
  ];
  return {
    paths: sorted.map((slice) => slice.path),
    size: [first.columns, first.rows, sorted.length],
    fileBytes: sorted.reduce((sum, slice) => sum + slice.size, 0),
    affine: Float64Array.from({ length: 12 }, (_, i) => columns[i % 4][Math.floor(i / 4)]),
  };
}

function assertComplete(slice: FiledSlice): void {
  const parts: readonly (readonly [name: string, values: readonly number[], count: number])[] = [
    ['ImagePositionPatient', slice.position, 3],
    ['ImageOrientationPatient', slice.orientation, 6],
    ['PixelSpacing', slice.spacing, 2],
  ];
  for (const [name, values, count] of parts) {
    if (values.length === count && values.every(Number.isFinite)) continue;
    throw faultIn(name, `of ${slice.path} is not ${count} numbers`, 'leave out what is no slice');
  }
}

function assertAlike(slices: readonly FiledSlice[], first: FiledSlice): void {
  const series = new Set(slices.map((slice) => slice.series));
  if (series.size > 1) {
    const reason = `has ${series.size} series`;
    throw faultIn('folder', reason, 'put each series into a folder of its own');
  }
  for (const slice of slices) {
    const turned = slice.orientation.some((v, i) => Math.abs(v - first.orientation[i]) > TURNED);
    const other = slice.rows !== first.rows || slice.columns !== first.columns;
    if (!turned && !other) continue;
    const reason = `of ${slice.path} differs from that of ${first.path}`;
    throw faultIn(
      turned ? 'ImageOrientationPatient' : 'Rows or Columns',
      reason,
      'leave out what is no slice',
    );
  }
}

function stepOf(sorted: readonly FiledSlice[], normal: readonly number[]): number[] {
  const [first, last] = [sorted[0].position, sorted[sorted.length - 1].position];
  if (sorted.length === 1) return [...normal];
  const step = first.map((v, i) => (last[i] - v) / (sorted.length - 1));
  const length = Math.hypot(...step);
  for (const [n, slice] of sorted.entries()) {
    const off = Math.hypot(...slice.position.map((v, i) => v - first[i] - n * step[i]));
    if (length > 0 && off <= UNEVEN * length) continue;
    const reason = `of ${slice.path} is ${off.toFixed(2)} mm from where slice ${n + 1} of ${sorted.length} should be`;
    throw faultIn('ImagePositionPatient', reason, 'complete the series, or split it');
  }
  return step;
}

const dot = (a: readonly number[], b: readonly number[]): number =>
  a.reduce((sum, v, i) => sum + v * b[i], 0);

const cross = (a: readonly number[], b: readonly number[]): number[] =>
  [0, 1, 2].map((i) => {
    const [j, k] = [(i + 1) % 3, (i + 2) % 3];
    return a[j] * b[k] - a[k] * b[j];
  });
