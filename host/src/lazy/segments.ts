import type { PixelType } from '@voxhost/sdk';
import { agree, type ResolvedOperation, type Wishes } from './overrides.js';
import { gridOf, type Viewport } from './viewport.js';

/** What a plan starts from. */
export interface PlanStart {
  readonly viewport: Viewport;
  readonly pixelType: PixelType;
  /** Of results, where the operations do not say; absent: as it comes. */
  readonly wanted?: PixelType;
}

/** Operations that one sampling can carry out, pads aside. */
export interface Segment {
  readonly operations: readonly ResolvedOperation[];
  readonly wishes: Wishes;
  /** Why it ended. */
  readonly why: string;
}

/**
 * Grows segments while their members agree: a change of interpolator, boundary or pixel type ends one, and
 * so does what does not commute with sampling.
 */
export function segmentsOf(operations: readonly ResolvedOperation[]): readonly Segment[] {
  const segments: Segment[] = [];
  let open: Segment = EMPTY;
  const close = (why: string): void => {
    if (open.operations.length > 0) segments.push({ ...open, why });
    open = EMPTY;
  };
  for (const operation of operations) {
    const reason = conflict(open, operation);
    if (reason !== undefined) close(reason);
    open = joined(open, operation);
    if (isAlone(operation)) close(`${nameOf(operation)} does not commute with sampling`);
  }
  close('all is applied');
  return segments;
}

const EMPTY: Segment = { operations: [], wishes: {}, why: '' };

const isAlone = (operation: ResolvedOperation): boolean =>
  operation.kind === 'pointwise' ||
  (operation.kind === 'spatial' && operation.wishes.interpolator === 'area');

const nameOf = (operation: ResolvedOperation): string =>
  operation.kind === 'pointwise' ? operation.name : 'averaging';

const isTail = ({ kind }: ResolvedOperation): boolean => kind === 'noise' || kind === 'intensity';

/** Why an operation cannot join, or undefined. */
function conflict(open: Segment, operation: ResolvedOperation): string | undefined {
  if (open.operations.length === 0) return undefined;
  if (isAlone(operation)) return `${nameOf(operation)} does not commute with sampling`;
  if (isTail(operation)) {
    const linear = open.wishes.interpolator !== 'label-linear';
    return linear ? undefined : 'a vote does not commute with changes of intensity';
  }
  if (operation.kind !== 'spatial') return undefined;
  if (!agree(open.wishes, operation.wishes)) return 'the modes or the pixel type change';
  if (operation.wishes.interpolator === 'label-linear' && open.operations.some(isTail)) {
    return 'a vote does not commute with changes of intensity';
  }
  return valueConflict(open, operation.wishes);
}

/** A boundary's value holds before and after a change of intensity only if the change leaves it. */
function valueConflict({ operations, wishes }: Segment, next: Wishes): string | undefined {
  if (next.boundary === undefined || !('value' in next.boundary) || !wishes.boundary)
    return undefined;
  const first = operations.findIndex(
    (o) => o.kind === 'spatial' && o.wishes.boundary !== undefined,
  );
  const changed = operations.slice(first).some((o) => o.kind === 'intensity');
  return changed ? 'the boundary value stands on both sides of a change of intensity' : undefined;
}

function joined(open: Segment, operation: ResolvedOperation): Segment {
  const wishes =
    operation.kind === 'spatial' ? { ...open.wishes, ...operation.wishes } : open.wishes;
  return { ...open, operations: [...open.operations, operation], wishes };
}

/** Voxels are whole once a segment is carried out. */
export const settled = (viewport: Viewport): Viewport => ({
  ...viewport,
  extent: gridOf(viewport).size,
});

/** Of what a segment samples. */
export const resultType = (segment: Segment, start: PlanStart): PixelType => {
  const last = segment.operations.findLast(
    (o) => (o.kind === 'intensity' || o.kind === 'pointwise') && o.pixelType !== undefined,
  );
  const changed = last !== undefined && 'pixelType' in last ? last.pixelType : undefined;
  return changed ?? segment.wishes.pixelType ?? start.wanted ?? start.pixelType;
};
