import type { ContinuousMap, Image, PixelType } from '@voxhost/sdk';
import type { Executed } from '../lazy/execute-steps.js';
import type { MapCache } from '../lazy/map-cache.js';
import { type ResolvedOperation, resolve } from '../lazy/overrides.js';
import type { PendingOperation } from '../lazy/pending.js';
import { planPending } from '../lazy/plan-pending.js';
import type { Step } from '../lazy/step.js';
import type { DefinedTransform, EntryOverrides } from '../lazy/transform.js';
import { type Shapes, type Viewport, viewportOf } from '../lazy/viewport.js';
import { requireImage } from '../request-rules.js';
import type { Provenance } from '../routing/router.js';
import { startTrace, type Trace, traced } from './trace.js';

/** One image on its way through a pipeline: what is made, and what is pending. Never changed, only replaced. */
export interface Entry {
  readonly image: Image;
  readonly pending: readonly ResolvedOperation[];
  readonly trace: Trace;
  /** Of what is interpolated, where the operations do not say. */
  readonly pixelType?: PixelType;
  readonly provenances: readonly Provenance[];
  /** What was carried out so far. */
  readonly steps: readonly Step[];
}

/** Throws `BAD_GRID` or `BAD_IMAGE` for an image that is none. */
export function startEntry(image: Image, shapes: Shapes, pixelType?: PixelType): Entry {
  requireImage('image', image);
  return {
    image,
    ...(pixelType && { pixelType }),
    pending: [],
    trace: startTrace(image, shapes),
    provenances: [],
    steps: [],
  };
}

/** Where the entry stands, pending operations counted in. */
export const viewportAfter = (entry: Entry): Viewport =>
  entry.pending.at(-1)?.after ?? viewportOf(entry.image.grid, entry.trace.shapes);

/** How a transform joins an entry. */
export interface Joining {
  readonly lazy: boolean;
  readonly overrides: EntryOverrides;
  readonly cache: MapCache;
}

/** Adds what a transform leaves pending. Overrides count only where it is deferred, as in MONAI. */
export function accumulate(entry: Entry, transform: DefinedTransform, joining: Joining): Entry {
  const { lazy, overrides, cache } = joining;
  const operations = definitionsOf(transform, viewportAfter(entry), cache);
  const inForce = lazy ? overrides : {};
  return {
    ...entry,
    pending: [...entry.pending, ...operations.map((operation) => resolve(operation, inForce))],
    trace: traced(entry.trace, transform, lazy, overrides),
  };
}

/** What a transform defines in a viewport; a field is made once for the same content. */
export function definitionsOf(
  transform: DefinedTransform,
  viewport: Viewport,
  cache: MapCache,
): readonly PendingOperation[] {
  const { frame, extent, shapes } = viewport;
  const where = [
    transform.name,
    transform.content ?? transform.params,
    [...frame.matrix],
    extent,
    shapes,
  ];
  return cache.get(
    JSON.stringify(where),
    () => transform.define(viewport),
    (made) => made.reduce((sum, o) => sum + (o.kind === 'spatial' ? mapBytes(o.map) : 0), 0),
  );
}

const mapBytes = (map: ContinuousMap): number =>
  map.kind === 'field' ? map.lattice.data.byteLength : 0;

/** The steps that applying now would take. */
const plannedSteps = (entry: Entry): readonly Step[] =>
  planPending(entry.pending, {
    viewport: viewportOf(entry.image.grid, entry.trace.shapes),
    pixelType: entry.image.pixelType,
    ...(entry.pixelType && { wanted: entry.pixelType }),
  });

/** Makes the image that steps give. */
export type CarryOut = (source: Image, steps: readonly Step[]) => Promise<Executed>;

/** Carries out what is pending. */
export async function applyEntry(entry: Entry, carryOut: CarryOut): Promise<Entry> {
  if (entry.pending.length === 0) return entry;
  const steps = plannedSteps(entry);
  const { image, provenances } = await carryOut(entry.image, steps);
  return {
    ...entry,
    image,
    pending: [],
    provenances: [...entry.provenances, ...provenances],
    steps: [...entry.steps, ...steps],
  };
}
