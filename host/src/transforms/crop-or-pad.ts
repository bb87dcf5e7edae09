import type { Boundary } from '@voxhost/sdk';
import { translation } from '../lazy/matrices.js';
import type { PadFill } from '../lazy/pad-image.js';
import type { PadPending, PendingOperation, SpatialPending } from '../lazy/pending.js';
import { moved, sizeOf, type Viewport } from '../lazy/viewport.js';
import { spatial } from './define.js';

/** Whole voxels from `start` on, `size` of them. */
export const crop = (
  viewport: Viewport,
  start: readonly number[],
  size: readonly number[],
): SpatialPending => spatial(viewport, translation(start), size);

/** Whole voxels added on both sides. */
export function pad(
  viewport: Viewport,
  widths: { readonly before: readonly number[]; readonly behind: readonly number[] },
  fill: PadFill,
): PadPending {
  const { before, behind } = widths;
  const size = sizeOf(viewport).map((n, a) => n + before[a] + behind[a]);
  const map = translation(before.map((n) => 0 - n));
  return { kind: 'pad', before, behind, fill, after: moved(viewport, map, size) };
}

export interface CropOrPadOptions {
  readonly fill: PadFill;
  /** What stepwise inversion fills in where this cut; default zeros. */
  readonly inverseFill?: Boundary;
  /** First voxel kept, negative where voxels are added. */
  readonly rest: (have: number, want: number) => number;
}

/** Cuts the axes that are longer than `size`, then adds to those that are shorter. */
export function cropOrPad(
  viewport: Viewport,
  size: readonly number[],
  options: CropOrPadOptions,
): readonly PendingOperation[] {
  const have = sizeOf(viewport);
  const first = have.map((n, a) => options.rest(n, size[a]));
  const operations: PendingOperation[] = [];
  if (have.some((n, a) => n > size[a])) {
    const start = first.map((f, a) => (have[a] > size[a] ? f : 0));
    const cut = crop(
      viewport,
      start,
      have.map((n, a) => Math.min(n, size[a])),
    );
    const { inverseFill } = options;
    operations.push({ ...cut, ...(inverseFill && { inverseFill }) });
  }
  if (have.some((n, a) => n < size[a])) {
    const before = first.map((f, a) => (have[a] < size[a] ? 0 - f : 0));
    const behind = have.map((n, a) => Math.max(size[a] - n, 0) - before[a]);
    operations.push(pad(operations.at(-1)?.after ?? viewport, { before, behind }, options.fill));
  }
  return operations;
}
