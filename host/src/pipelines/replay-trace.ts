import type { Json } from '@voxhost/sdk';
import { HostError } from '../errors.js';
import type { MapCache } from '../lazy/map-cache.js';
import type { PendingOperation } from '../lazy/pending.js';
import { settled } from '../lazy/segments.js';
import type { DefinedTransform, EntryOverrides, Transform } from '../lazy/transform.js';
import { type Viewport, viewportOf } from '../lazy/viewport.js';
import { own } from '../own.js';
import { CATALOGUE } from '../transforms/catalogue.js';
import { definitionsOf } from './entry.js';
import type { Trace, TraceItem } from './trace.js';

/** One operation of a trace, and what it was applied to. */
export interface TracedOperation {
  readonly operation: PendingOperation;
  readonly before: Viewport;
  readonly overrides: EntryOverrides;
}

/** Operations of a trace in order, each transform's apart. */
export interface Replayed {
  readonly transforms: readonly (readonly TracedOperation[])[];
  /** The same for the same parameters, wherever the objects came from. */
  readonly content: string;
}

/** Defines the operations of a trace again: definitions are pure, so they are those that were applied. */
export function replayTrace(trace: Trace, cache: MapCache): Replayed {
  let viewport = viewportOf(trace.source.grid, trace.shapes);
  const transforms: TracedOperation[][] = [];
  const content: Json[] = [JSON.parse(JSON.stringify(trace.source.grid)), trace.shapes];
  for (const item of trace.items) {
    if (!item.lazy) viewport = settled(viewport);
    const transform = transformOf(item);
    if (transform === undefined) continue;
    const operations: TracedOperation[] = [];
    for (const operation of definitionsOf(transform, viewport, cache)) {
      operations.push({ operation, before: viewport, overrides: item.overrides ?? {} });
      viewport = operation.after;
    }
    if (!item.lazy) viewport = settled(viewport);
    transforms.push(operations);
    content.push([item._target_, transform.content ?? textOf(item.params), item.lazy]);
  }
  return { transforms, content: JSON.stringify(content) };
}

const textOf = (params: TraceItem['params']): string => JSON.stringify(params);

/** Items of a trace that move nothing. */
const STILL: readonly string[] = ['ApplyPending', 'GivenNoise'];

function transformOf(item: TraceItem): DefinedTransform | undefined {
  if (STILL.includes(item._target_)) return undefined;
  const row = own(CATALOGUE, item._target_);
  const transform: Transform | undefined = row?.create(item.params, []);
  if (transform?.kind === 'defined') return transform;
  throw new HostError('NOT_EXPRESSIBLE', {
    what: `"${item._target_}" of a trace`,
    reason: 'is no transform that this version can define again',
    remedy: 'use the version that made the trace',
  });
}
