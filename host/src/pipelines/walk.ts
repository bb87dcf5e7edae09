import type { Image } from '@voxhost/sdk';
import { HostError } from '../errors.js';
import type { MapCache } from '../lazy/map-cache.js';
import { overridesOf } from '../lazy/overrides.js';
import type { RandomStream } from '../lazy/random-stream.js';
import type {
  AnalysingTransform,
  DefinedTransform,
  Overrides,
  RandomTransform,
  SamplingTransform,
  Transform,
} from '../lazy/transform.js';
import { sizeOf } from '../lazy/viewport.js';
import { accumulate, applyEntry, type CarryOut, type Entry, viewportAfter } from './entry.js';
import { isDeferred } from './schedule.js';
import { APPLY } from './trace.js';

/** Every image of a run by its key; a single image has the key `image`. */
export type Entries = { readonly [key: string]: Entry };

/** A transform with what the containers around it say. */
export interface Frame {
  readonly transform: Transform;
  readonly lazy: boolean | null;
  readonly overrides: Overrides;
}

/** What a walk needs of the world. */
export interface WalkContext {
  readonly carryOut: CarryOut;
  readonly random: RandomStream;
  readonly cache: MapCache;
  /** After reading voxels: go on from the source, or from what was read. */
  readonly analyse: 'discard' | 'keep';
}

/**
 * Walks the frames and gives the entries at the end, everything applied: once, or once for every sample,
 * depth first, so that one sample is finished before the next is begun.
 */
export async function* walk(
  frames: readonly Frame[],
  start: Entries,
  context: WalkContext,
): AsyncGenerator<Entries> {
  let entries = start;
  for (const [i, frame] of frames.entries()) {
    const { transform } = frame;
    if (transform.kind === 'container') {
      yield* walk([...insideOf(frame, context), ...frames.slice(i + 1)], entries, context);
      return;
    }
    if (transform.kind === 'samples') {
      yield* samples({ ...frame, transform }, frames.slice(i + 1), entries, context);
      return;
    }
    entries = await perform({ ...frame, transform }, entries, context);
  }
  yield await applyAll(entries, Object.keys(entries), context);
}

/** Frames of a container's picks; they stay fused with what stands around. */
export function insideOf(frame: Frame, { random }: Pick<WalkContext, 'random'>): readonly Frame[] {
  const { transform } = frame;
  if (transform.kind !== 'container') return [frame];
  const lazy = transform.lazy === undefined ? frame.lazy : transform.lazy;
  const overrides = { ...frame.overrides, ...transform.overrides };
  return transform.pick(random).map((inside) => ({ transform: inside, lazy, overrides }));
}

type Simple = Exclude<Transform, { kind: 'container' | 'samples' }>;

async function perform(
  frame: Frame & { readonly transform: Simple },
  entries: Entries,
  context: WalkContext,
): Promise<Entries> {
  const { transform } = frame;
  const keys = keysOf(transform, entries);
  switch (transform.kind) {
    case 'apply-pending':
      return marked(await applyAll(entries, keys, context), keys);
    case 'defined':
      return join(entries, frame, context, (key) => [transform.perKey?.[key] ?? transform]);
    case 'random':
      return join(entries, frame, context, drawnFor(transform, keys, entries, context));
    case 'matching': {
      const reference = viewportAfter(entries[required(transform.reference, entries)]);
      return join(entries, frame, context, (key) => [
        (transform.perKey?.[key] ?? transform).match(reference),
      ]);
    }
    case 'analysing':
      return analysed(frame, transform, entries, context);
    default:
      return transform satisfies never;
  }
}

/** Lets transforms join every entry that the frame's works on: deferred, or at once after all that is pending. */
async function join(
  entries: Entries,
  frame: Frame,
  context: WalkContext,
  transformsOf: (key: string) => readonly DefinedTransform[],
): Promise<Entries> {
  const lazy = isDeferred(frame.transform, frame.lazy);
  const before = lazy ? entries : await applyAll(entries, Object.keys(entries), context);
  const joined: { [key: string]: Entry } = { ...before };
  for (const key of keysOf(frame.transform, entries)) {
    const joining = { lazy, overrides: overridesOf(frame.overrides, key), cache: context.cache };
    for (const transform of transformsOf(key)) {
      joined[key] = accumulate(joined[key], transform, joining);
      if (!lazy) joined[key] = await applyEntry(joined[key], context.carryOut);
    }
  }
  return joined;
}

/** Draws in the space of the first entry, and refuses to share what counts voxels between different sizes. */
function drawnFor(
  transform: RandomTransform,
  keys: readonly string[],
  entries: Entries,
  { random }: WalkContext,
): (key: string) => readonly DefinedTransform[] {
  const [first] = keys;
  const viewport = viewportAfter(entries[first]);
  const size = sizeOf(viewport).join();
  const other = keys.find((key) => sizeOf(viewportAfter(entries[key])).join() !== size);
  if (transform.countsVoxels && other !== undefined) {
    throw new HostError('NOT_EXPRESSIBLE', {
      what: `one draw of ${transform.name} for "${first}" and "${other}"`,
      reason: `counts voxels, and their sizes differ: [${size}] and [${sizeOf(viewportAfter(entries[other]))}]`,
      remedy: 'bring them to one grid first, for example with ResampleToMatch or Spacing',
    });
  }
  const drawn = transform.draw(random, viewport);
  return (key) => drawn(transform.perKey?.[key] ?? {});
}

async function analysed(
  frame: Frame,
  transform: AnalysingTransform,
  entries: Entries,
  context: WalkContext,
): Promise<Entries> {
  const source = transform.source ?? keysOf(transform, entries)[0];
  const forced = await applyAll(entries, [required(source, entries)], context);
  const found = transform.analyse(forced[source].image);
  const from = context.analyse === 'keep' ? marked(forced, [source]) : entries;
  return join(from, frame, context, () => found);
}

async function* samples(
  frame: Frame & { readonly transform: SamplingTransform },
  rest: readonly Frame[],
  entries: Entries,
  context: WalkContext,
): AsyncGenerator<Entries> {
  const { transform } = frame;
  const lazy = isDeferred(transform, frame.lazy);
  const before = lazy ? entries : await applyAll(entries, Object.keys(entries), context);
  const images: Image[] = [];
  for (const key of transform.sources) {
    const forced = await applyAll(before, [required(key, before)], context);
    images.push(forced[key].image);
  }
  const [first] = keysOf(transform, before);
  for (const drawn of transform.draw(context.random, viewportAfter(before[first]), images)) {
    const sample = await join(before, frame, context, () => drawn);
    yield* walk(rest, sample, context);
  }
}

/** Entries that a transform works on. Throws `USAGE` for one that is not there. */
function keysOf(transform: Transform, entries: Entries): readonly string[] {
  const keys = transform.keys ?? Object.keys(entries);
  for (const key of keys) required(key, entries);
  return keys;
}

function required(key: string, entries: Entries): string {
  if (Object.hasOwn(entries, key)) return key;
  const reason = `there is no entry "${key}"; given are ${Object.keys(entries).join(', ')}`;
  throw new HostError('USAGE', { reason });
}

async function applyAll(
  entries: Entries,
  keys: readonly string[],
  context: WalkContext,
): Promise<Entries> {
  const applied: { [key: string]: Entry } = { ...entries };
  for (const key of keys) applied[key] = await applyEntry(applied[key], context.carryOut);
  return applied;
}

/** Notes in the traces that what was pending is applied. */
function marked(entries: Entries, keys: readonly string[]): Entries {
  const noted: { [key: string]: Entry } = { ...entries };
  for (const key of keys) {
    const { trace } = noted[key];
    noted[key] = { ...noted[key], trace: { ...trace, items: [...trace.items, APPLY] } };
  }
  return noted;
}
