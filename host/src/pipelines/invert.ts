import type { Boundary, ContinuousMap, Image, Interpolator, PixelType } from '@voxhost/sdk';
import { requireGrid } from '@voxhost/sdk';
import { HostError } from '../errors.js';
import { type ExecuteSettings, executeSampling, type Sampled } from '../lazy/execute-sampling.js';
import { executeSteps } from '../lazy/execute-steps.js';
import { invertMap } from '../lazy/invert-map.js';
import type { MapCache } from '../lazy/map-cache.js';
import { translation } from '../lazy/matrices.js';
import { type ResolvedOperation, resolve, type Wishes } from '../lazy/overrides.js';
import { planPending } from '../lazy/plan-pending.js';
import { composed, UNDECLARED } from '../lazy/plan-segment.js';
import { settled } from '../lazy/segments.js';
import type { EntryOverrides } from '../lazy/transform.js';
import { sizeOf, viewportOf } from '../lazy/viewport.js';
import { requireImage } from '../request-rules.js';
import type { Provenance, Router } from '../routing/router.js';
import { type Replayed, replayTrace, type TracedOperation } from './replay-trace.js';
import { type Trace, traceOf } from './trace.js';

/** How an image is brought back. */
export interface InvertSettings extends ExecuteSettings {
  /** What was done to it; default the trace that goes with the image. */
  readonly trace?: Trace;
  /** Instead of the modes of the forward run. */
  readonly overrides?: EntryOverrides;
  /** One resample of the whole inverse, or one for every transform, last to first. Default `whole`. */
  readonly by?: 'whole' | 'transform';
  /** Default the image's. */
  readonly pixelType?: PixelType;
}

interface Inverting {
  readonly router: Router;
  readonly cache: MapCache;
}

/**
 * The image on the grid where its trace started. What noise, changes of intensity and cuts did to the values
 * stays; what was cut off has the boundary. Rejects with `USAGE` without a trace.
 */
export async function invertImage(
  image: Image,
  settings: InvertSettings,
  inverting: Inverting,
): Promise<Sampled> {
  requireImage('image', image);
  const trace = settings.trace ?? traceOf(image);
  if (trace === undefined) {
    throw new HostError('USAGE', { reason: 'the image has no trace; pass the one of its run' });
  }
  requireGrid(trace.source.grid);
  const replayed = replayTrace(trace, inverting.cache);
  if (settings.by === 'transform') return invertStepwise(image, replayed, settings, inverting);
  const { interpolator, boundary } = forwardModes(replayed, settings.overrides ?? {});
  const task = {
    source: image,
    map: inverseOf(replayed, trace, inverting.cache),
    output: trace.source.grid,
    interpolator,
    boundary,
    pixelType: settings.pixelType ?? image.pixelType,
  };
  return executeSampling(inverting.router, task, settings);
}

/** The inverse of the whole map, made once for the same content. */
function inverseOf(replayed: Replayed, trace: Trace, cache: MapCache): ContinuousMap {
  const { size } = trace.source.grid;
  return cache.get(
    `inverse ${replayed.content}`,
    () => {
      const operations = replayed.transforms.flat().map(({ operation }) => resolve(operation, {}));
      return invertMap(composed(operations, size.length), size);
    },
    (map) => (map.kind === 'field' ? map.lattice.data.byteLength : 0),
  );
}

/** Modes of the last operation that declared some, overridden as it was and then as asked now. */
function forwardModes(
  { transforms }: Replayed,
  overrides: EntryOverrides,
): { readonly interpolator: Interpolator; readonly boundary: Boundary } {
  let wishes: Wishes = {};
  for (const traced of transforms.flat()) {
    const resolved = resolve(traced.operation, { ...traced.overrides, ...overrides });
    if (resolved.kind === 'spatial') wishes = { ...wishes, ...resolved.wishes };
  }
  const { interpolator = UNDECLARED.interpolator, boundary = UNDECLARED.boundary } = wishes;
  return {
    interpolator: interpolator === 'area' ? UNDECLARED.interpolator : interpolator,
    boundary,
  };
}

async function invertStepwise(
  image: Image,
  { transforms }: Replayed,
  settings: InvertSettings,
  { router }: Inverting,
): Promise<Sampled> {
  let current = image;
  const provenances: Provenance[] = [];
  for (const traced of transforms.flat().reverse()) {
    const inverse = inverseOperation(traced, settings.overrides ?? {});
    if (inverse === undefined) continue;
    const start = {
      viewport: viewportOf(current.grid, traced.before.shapes),
      pixelType: current.pixelType,
    };
    const steps = planPending([inverse], start);
    const done = await executeSteps(current, steps, { router, settings });
    current = done.image;
    provenances.push(...done.provenances);
  }
  const last = provenances.at(-1);
  if (last === undefined)
    throw new HostError('USAGE', { reason: 'the trace holds nothing to invert' });
  return { image: current, provenance: last };
}

/** What undoes one operation: its inverse map with its own modes, a cut filled, a pad cut off; nothing for values. */
function inverseOperation(
  { operation, before }: TracedOperation,
  overrides: EntryOverrides,
): ResolvedOperation | undefined {
  const after = settled(before);
  if (operation.kind === 'pad') {
    return { kind: 'spatial', map: translation(operation.before), after, wishes: {} };
  }
  if (operation.kind !== 'spatial') return undefined;
  const map = invertMap(operation.map, sizeOf(before));
  const { inverseFill = UNDECLARED.boundary, samples: _, ...rest } = operation;
  const own = resolve({ ...rest, map, after }, overrides);
  const wishes = own.kind === 'spatial' ? own.wishes : {};
  return { kind: 'spatial', map, after, wishes: { boundary: inverseFill, ...wishes } };
}
