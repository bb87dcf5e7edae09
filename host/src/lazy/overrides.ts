import type { Boundary, Interpolator, PixelType } from '@voxhost/sdk';
import { HostError } from '../errors.js';
import { own } from '../own.js';
import { pixelTypeOfDtype } from './dtype.js';
import { translation } from './matrices.js';
import { boundaryOfPadding, interpolatorOfMode } from './modes.js';
import type { DeclaredSampling, PendingOperation, SpatialPending } from './pending.js';
import type { EntryOverrides, Overrides } from './transform.js';

/** What overrides leave of an operation's own wishes. */
export interface Wishes {
  readonly interpolator?: Interpolator | 'area';
  readonly boundary?: Boundary;
  readonly pixelType?: PixelType;
  readonly copies?: 'never';
}

/** A pending operation with the overrides in force where it stood, and the modes where it has none of its own. */
export type ResolvedOperation =
  | (SpatialPending & { readonly wishes: Wishes })
  | Exclude<PendingOperation, SpatialPending>;

const KNOWN = ['mode', 'padding_mode', 'align_corners', 'dtype', 'resample_mode', 'device'];

/** Throws `USAGE` for an override that nothing would heed. */
export function requireOverrides(overrides: Overrides): void {
  const unknown = Object.keys(overrides).find((name) => !KNOWN.includes(name));
  if (unknown !== undefined) {
    throw new HostError('USAGE', {
      reason: `override "${unknown}" is not known; there are ${KNOWN.join(', ')}`,
    });
  }
}

/** What overrides say of one entry: a record is looked up by key, anything else is for all. */
export function overridesOf(overrides: Overrides, key: string): EntryOverrides {
  const entries = Object.entries(overrides).flatMap(([name, value]) => {
    const said = typeof value === 'object' && value !== null ? own(value, key) : value;
    return said === undefined ? [] : [[name, said]];
  });
  return Object.fromEntries(entries);
}

/** Overrides replace modes, paddings and fills, each where it is given. */
export function resolve(operation: PendingOperation, overrides: EntryOverrides): ResolvedOperation {
  if (operation.kind === 'pad' && overrides.padding_mode !== undefined) {
    const map = translation(operation.before.map((n) => 0 - n));
    return { kind: 'spatial', map, after: operation.after, wishes: wishesOf(undefined, overrides) };
  }
  if (operation.kind !== 'spatial') return operation;
  const { samples, ...rest } = operation;
  const wishes = wishesOf(operation.sampling, overrides);
  if (samples === undefined || overrides.mode !== undefined) return { ...rest, wishes };
  return { ...rest, map: samples, wishes };
}

function wishesOf(sampling: DeclaredSampling | undefined, overrides: EntryOverrides): Wishes {
  const mode = overrides.mode ?? sampling?.mode ?? 'bilinear';
  const alignCorners = overrides.align_corners ?? false;
  const interpolator =
    overrides.mode === undefined ? sampling?.method : interpolatorOfMode(overrides.mode);
  const boundary =
    overrides.padding_mode === undefined
      ? sampling?.boundary
      : boundaryOfPadding(overrides.padding_mode, mode, { alignCorners });
  const pixelType =
    overrides.dtype === undefined ? sampling?.pixelType : pixelTypeOfDtype(overrides.dtype);
  return {
    ...(interpolator && { interpolator }),
    ...(boundary && { boundary }),
    ...(pixelType && { pixelType }),
    ...(neverCopies(overrides) && { copies: 'never' as const }),
  };
}

const neverCopies = ({ resample_mode }: EntryOverrides): boolean =>
  resample_mode !== undefined && resample_mode !== 'auto';

/** Do two operations' wishes fit one sampling? */
export function agree(a: Wishes, b: Wishes): boolean {
  const same = <T>(x: T | undefined, y: T | undefined, equal: (x: T, y: T) => boolean): boolean =>
    x === undefined || y === undefined || equal(x, y);
  const is = (x: unknown, y: unknown): boolean => x === y;
  return (
    same(a.interpolator, b.interpolator, is) &&
    same(a.pixelType, b.pixelType, is) &&
    same(a.boundary, b.boundary, sameBoundary)
  );
}

export const sameBoundary = (a: Boundary, b: Boundary): boolean =>
  a.kind === b.kind && ('value' in a ? a.value : 0) === ('value' in b ? b.value : 0);
