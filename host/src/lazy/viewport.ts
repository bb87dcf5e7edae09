import {
  type AffineMap,
  affineMap,
  createGrid,
  type Grid,
  indexToPhysical,
  roundHalfEven,
  then,
} from '@voxhost/sdk';

/**
 * How sizes come about: `real` keeps real-valued extents through the composition and decides whole voxels
 * once, when the map is applied; `monai` rounds after every operation by that operation's own rule.
 */
export type Shapes = 'real' | 'monai';

/** Where a chain of operations stands: a grid whose number of voxels need not be whole yet. */
export interface Viewport {
  /** Index to physical point, LPS millimetres. */
  readonly frame: AffineMap;
  /** Voxels along each axis: the volume covers [-0.5, extent - 0.5) of its own index space. */
  readonly extent: readonly number[];
  readonly shapes: Shapes;
}

export const viewportOf = (grid: Grid, shapes: Shapes): Viewport => ({
  frame: affineMap(indexToPhysical(grid)),
  extent: grid.size,
  shapes,
});

/** The viewport whose index x lies where `map`(x) lies in the old one. */
export const moved = (from: Viewport, map: AffineMap, extent: readonly number[]): Viewport => ({
  ...from,
  frame: then(map, from.frame) as AffineMap,
  extent,
});

/** A real extent, or its whole number by the rule of the operation where shapes are MONAI's. */
export function settle(
  viewport: Viewport,
  extent: readonly number[],
  rule: (extent: number) => number,
): readonly number[] {
  return viewport.shapes === 'real' ? extent : extent.map(rule);
}

/** Slack for extents that are whole or half but for rounding errors. */
const ROUNDING = 1e-9;

/**
 * Whole voxels of a viewport: the nearest number, a half to the even one, at least 1. The first voxel stays
 * where it is, so that this never moves a sample.
 */
export const sizeOf = (viewport: Viewport): readonly number[] =>
  viewport.extent.map((e) => Math.max(1, roundHalfEven(Math.round(e / ROUNDING) * ROUNDING)));

/** The grid that applying now would give. */
export function gridOf(viewport: Viewport): Grid {
  const size = sizeOf(viewport);
  const dims = size.length;
  const { matrix } = viewport.frame;
  const at = (row: number, column: number): number => matrix[row * (dims + 1) + column];
  const axes = size.map((_, a) => a);
  const spacing = axes.map((c) => Math.hypot(...axes.map((r) => at(r, c))));
  return createGrid({
    size,
    spacing,
    origin: axes.map((r) => at(r, dims)),
    direction: axes.flatMap((r) => axes.map((c) => at(r, c) / spacing[c])),
  });
}

/** Middle of the volume, as an index. */
export const centreOf = (extent: readonly number[]): readonly number[] =>
  extent.map((e) => (e - 1) / 2);
