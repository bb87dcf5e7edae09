import { asVolume, type Block, type Lattice, type Resample } from '@voxhost/sdk';
import { NoRoomError } from './driver-error.js';
import type { Engine } from './engine.js';
import { createHolder } from './holder.js';
import type { ResidentSource } from './load-pixels.js';
import {
  holdLattices,
  loadMap,
  type MapParameters,
  type MapStep,
  type ResidentLattices,
} from './map-parameters.js';
import { type Box, boxVolume, type Span, type Spans } from './parts/box.js';
import { marginOn } from './parts/converted-boxes.js';
import { type MapBounds, mapBounds } from './parts/map-bounds.js';
import { neededSamples } from './parts/needed-samples.js';
import { planBoxes, planGroups, pointBounds } from './parts/plan-parts.js';
import { bytesOfSource, loadSource } from './prepare-source.js';
import { chooseKernel, convertedSource } from './resample-rules.js';
import { samplingRules } from './sampling-rules.js';

/** Where the samples of an output lie: as of a volume, or in a list of points. */
export type Places =
  | { readonly kind: 'grid'; readonly size: readonly number[]; readonly start: readonly number[] }
  | { readonly kind: 'list'; readonly points: Float64Array };

/** An output to be sampled. */
export interface Sampling {
  readonly engine: Engine;
  readonly operation: Resample;
  /** Absent for a source that has no room on the device as a whole. */
  readonly source: ResidentSource | undefined;
  readonly steps: readonly MapStep[];
  readonly places: Places;
  /** Must the points of a part follow each other? Else those that lie together may. */
  readonly isOrdered?: boolean;
}

/** Samples that are computed of what is on the device at a time. */
export interface Part {
  readonly source: ResidentSource;
  readonly map: MapParameters;
  /** A box of the output; of a list so many of its points, from start[0] on. */
  readonly block: Block;
  /** Which points of the list; absent where they follow each other. */
  readonly group: Uint32Array | undefined;
  /** Parts before it, of so many. */
  readonly done: number;
  readonly count: number;
}

/**
 * Calls with every part of an output, one after the other, for which `most` bytes of the device are enough: of a source
 * and of large lattices with the box that the part looks at. Infinity: all is there at once. Takes the lanes for
 * each part. Throws the driver's error.
 */
export async function executeParts(
  sampling: Sampling,
  most: number,
  use: (part: Part) => Promise<void>,
): Promise<void> {
  const { engine, steps } = sampling;
  using held = createHolder();
  const isResident = ({ data }: Lattice): boolean => data.byteLength <= most * RESIDENT_PART;
  const resident = await holdLattices(engine, steps, isResident, held);
  const isAway = (step: MapStep) => step.kind === 'field' && !resident.has(step.lattice);
  const isLocal = sampling.source === undefined || steps.some(isAway);
  const planning: Planning = { sampling, resident, isLocal };
  const parts = planParts(planning, most * INPUT_PART);
  if (parts === undefined) throw new NoRoomError(most);
  for (const [done, planned] of parts.entries()) {
    const count = parts.length;
    await engine.lanes.exclusive(() =>
      executePart(planning, planned, (part) => use({ ...part, done, count })),
    );
  }
}

/** Part of the bytes that what a part looks at may have; blocks of output have the rest. */
const INPUT_PART = 3 / 4;

/** Part of the bytes that a lattice may have that stays on the device. */
const RESIDENT_PART = 1 / 4;

const ALL: Span = { low: Number.NEGATIVE_INFINITY, high: Number.POSITIVE_INFINITY };
const ANYWHERE: MapBounds = { positions: [ALL, ALL, ALL], lattices: [] };

interface Planning {
  readonly sampling: Sampling;
  readonly resident: ResidentLattices;
  /** Do parts bring what they look at? */
  readonly isLocal: boolean;
}

type Planned = Pick<Part, 'block' | 'group'>;

function planParts(planning: Planning, most: number): readonly Planned[] | undefined {
  const { places } = planning.sampling;
  const fits = (spans: Spans): boolean => bytesOf(planning, spans) <= most;
  if (places.kind === 'list') return planList(planning, places.points, most);
  const blocks = planning.isLocal
    ? planBoxes(places.size, (block) => fits(spansOf(block, places.start)))
    : [{ start: [0, 0, 0], size: places.size }];
  return blocks?.map((block) => ({ block, group: undefined }));
}

function planList(
  planning: Planning,
  points: Float64Array,
  most: number,
): readonly Planned[] | undefined {
  const { operation, isOrdered = false } = planning.sampling;
  const dims = operation.source.grid.size.length;
  const fits = (group: Uint32Array): boolean =>
    8 * dims * group.length + bytesOf(planning, pointBounds(points, dims, group)) <= most;
  if (planning.isLocal && !isOrdered) {
    return planGroups(points, dims, fits)?.map((group) => ({
      block: { start: [0, 0, 0], size: [group.length, 1, 1] },
      group,
    }));
  }
  const chunks = planBoxes([points.length / dims, 1, 1], ({ start, size }) =>
    planning.isLocal ? fits(following(start[0], size[0])) : 8 * dims * size[0] <= most,
  );
  return chunks?.map((block) => ({ block, group: undefined }));
}

const following = (first: number, count: number): Uint32Array =>
  Uint32Array.from({ length: count }, (_, n) => first + n);

/** Indices of a block's voxels; `start` is that of the output. */
function spansOf({ size, start: first }: Block, start: readonly number[]): Spans {
  const [x, y, z] = size.map((n, axis) => {
    const low = start[axis] + first[axis];
    return { low, high: low + n - 1 };
  });
  return [x, y, z];
}

/** Bytes of what a box of an output looks at, but for what is on the device anyway. */
function bytesOf({ sampling, resident }: Planning, spans: Spans): number {
  const { operation, source, steps } = sampling;
  const bounds = mapBounds(steps, spans);
  const lattices = steps.map((step, at) => {
    const box = bounds.lattices[at];
    if (step.kind === 'affine' || box === undefined || resident.has(step.lattice)) return 0;
    const { size, data } = step.lattice;
    return boxVolume(box) * size.length * data.BYTES_PER_ELEMENT;
  });
  const pixels = source === undefined ? bytesOfSource(operation, sourceBox(operation, bounds)) : 0;
  return lattices.reduce((sum, bytes) => sum + bytes, pixels);
}

/** Taps of the widest kernel on either side of a position, and one for rounding. */
const REACH = 4;

/** Samples, counted with the margin, that positions within bounds look at. */
function sourceBox(operation: Resample, { positions }: MapBounds): Box {
  const { source, interpolator, boundary } = operation;
  const converted = convertedSource(operation);
  const size = converted?.size ?? asVolume(source.grid.size);
  const { fold, wraps } = samplingRules(interpolator, boundary);
  const [x, y, z] = positions.map(({ low, high }, axis) => {
    const margin = marginOn(axis, operation, converted?.margin ?? 0);
    const last = size[axis] - 1 - 2 * margin;
    if (wraps === 1 && !(low >= 0 && high <= last)) return { first: 0, count: size[axis] };
    return neededSamples(
      { low: low + margin - REACH, high: high + margin + REACH },
      size[axis],
      fold,
    );
  });
  return [x, y, z];
}

async function executePart(
  planning: Planning,
  planned: Planned,
  use: (part: Omit<Part, 'done' | 'count'>) => Promise<void>,
): Promise<void> {
  const { engine, operation, places, steps, source } = planning.sampling;
  const { resident, isLocal } = planning;
  const dims = operation.source.grid.size.length;
  const points = places.kind === 'list' ? pointsOf(places.points, dims, planned) : undefined;
  const { hasAffine } = chooseKernel(operation);
  const bounds = isLocal ? boundsOf(planning.sampling, planned) : undefined;
  using held = createHolder();
  const there =
    source ??
    held.add(await loadSource(engine, operation, sourceBox(operation, bounds ?? ANYWHERE))).value;
  const boxes = bounds?.lattices ?? [];
  const map = held.add(await loadMap(engine, steps, { dims, points, hasAffine, resident, boxes }));
  await use({ source: there, map, ...planned });
}

function boundsOf({ places, steps, operation }: Sampling, { block, group }: Planned): MapBounds {
  if (places.kind === 'grid') return mapBounds(steps, spansOf(block, places.start));
  const dims = operation.source.grid.size.length;
  const which = group ?? following(block.start[0], block.size[0]);
  return mapBounds(steps, pointBounds(places.points, dims, which));
}

/** The points of a part, as many numbers as they have. */
function pointsOf(all: Float64Array, dims: number, { block, group }: Planned): Float64Array {
  if (group === undefined) {
    const first = block.start[0] * dims;
    return all.subarray(first, first + block.size[0] * dims);
  }
  const points = new Float64Array(group.length * dims);
  for (const [n, which] of group.entries()) {
    for (let axis = 0; axis < dims; axis++) points[n * dims + axis] = all[which * dims + axis];
  }
  return points;
}
