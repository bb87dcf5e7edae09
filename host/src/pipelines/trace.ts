import type { Grid, Image, Json, PixelType } from '@voxhost/sdk';
import type { DefinedTransform, EntryOverrides } from '../lazy/transform.js';
import type { Shapes } from '../lazy/viewport.js';

/** One transform as it was applied: its resolved parameters, deferred or not, and the overrides in force. */
export interface TraceItem {
  readonly _target_: string;
  readonly params: { readonly [name: string]: Json | undefined };
  readonly lazy: boolean;
  readonly overrides?: EntryOverrides;
}

/** What was done to an image. Survives JSON; enough to invert, replay or explain. */
export interface Trace {
  readonly format: 'voxhost-trace/1';
  /** Where it started. */
  readonly source: { readonly grid: Grid; readonly pixelType: PixelType };
  readonly shapes: Shapes;
  readonly items: readonly TraceItem[];
}

/** Nothing done yet. */
export const startTrace = (image: Image, shapes: Shapes): Trace => ({
  format: 'voxhost-trace/1',
  source: { grid: image.grid, pixelType: image.pixelType },
  shapes,
  items: [],
});

/** What applies pending operations, in a trace. */
export const APPLY: TraceItem = { _target_: 'ApplyPending', params: {}, lazy: false };

export function traced(
  trace: Trace,
  transform: DefinedTransform,
  lazy: boolean,
  overrides: EntryOverrides,
): Trace {
  const item: TraceItem = {
    _target_: transform.name,
    params: transform.params,
    lazy,
    ...(lazy && Object.keys(overrides).length > 0 && { overrides }),
  };
  return { ...trace, items: [...trace.items, item] };
}

const TRACES = new WeakMap<Image, Trace>();

/** Binds a trace to the image it made, for as long as the image lives. */
export function attachTrace(image: Image, trace: Trace): void {
  TRACES.set(image, trace);
}

/** The trace of an image that a pipeline of this process made. */
export const traceOf = (image: Image): Trace | undefined => TRACES.get(image);
