import { asVolume, type FieldMap, voxelCount } from '@voxhost/sdk';
import type { Call } from './call.js';
import {
  FOLD_BYTES,
  PART_BYTES,
  SINK_AFFINE,
  SINK_BOXES,
  SINK_COTANGENTS,
  SLOT_BYTES,
  SLOT_PARTS,
} from './metric-layout.js';

/** Where the slopes of the samples are summed up to the derivative by the map. */
export type Sink =
  | { readonly kind: typeof SINK_AFFINE }
  | { readonly kind: typeof SINK_BOXES; readonly lattice: number; readonly map: FieldMap }
  | { readonly kind: typeof SINK_COTANGENTS; readonly cotangents: number };

/** Undefined when nobody asks for a derivative, or the map has none of its own. */
export function openSink({ run, map, sites, held, subject }: Call): Sink | undefined {
  if (!run.derivative || map.kind === 'sequence') return undefined;
  if (map.kind === 'affine') return { kind: SINK_AFFINE };
  if (map.kind === 'points' || sites.isList) {
    return { kind: SINK_COTANGENTS, cotangents: held.allocate(sites.count * sites.dims * 8) };
  }
  return { kind: SINK_BOXES, lattice: emptyLattice(subject.engine.heap, held, map), map };
}

function emptyLattice(
  heap: Call['subject']['engine']['heap'],
  held: Call['held'],
  { lattice }: FieldMap,
): number {
  const bytes = lattice.data.length * 8;
  const address = held.allocate(bytes);
  heap.bytes(address, bytes).fill(0);
  return address;
}

/** Σ over the parts of a channel of weight · part; the channels' sums are added. */
export type PartWeights = (channel: number) => readonly number[];

/** The derivative by the map's parameters: what was summed, times `scale`; an affine's parts by their weights. */
export async function finishSink(
  call: Call,
  sink: Sink,
  { slots, scale, weights = () => [1] }: FinishOptions,
): Promise<Float64Array> {
  if (sink.kind === SINK_AFFINE) return affineDerivative(call, slots, weights, scale);
  if (sink.kind === SINK_BOXES) return copyScaled(call, sink.lattice, lengthOf(sink.map), scale);
  const { map, sites } = call;
  if (map.kind !== 'field') {
    return copyScaled(call, sink.cotangents, sites.count * sites.dims, scale);
  }
  return await scatterCotangents(call, sink.cotangents, map, scale);
}

export interface FinishOptions {
  readonly slots: Float64Array;
  readonly scale: number;
  readonly weights?: PartWeights;
}

const lengthOf = ({ lattice }: FieldMap): number => lattice.data.length;

function affineDerivative(
  { sites, subject }: Call,
  slots: Float64Array,
  weights: PartWeights,
  scale: number,
): Float64Array {
  const { dims } = sites;
  const { channels } = subject.operation.fixed;
  const derivative = new Float64Array(dims * (dims + 1));
  const width = SLOT_BYTES / 8;
  for (let slot = 0; slot * width < slots.length; slot++) {
    for (const [part, weight] of weights(slot % channels).entries()) {
      const from = slot * width + (SLOT_PARTS + part * PART_BYTES) / 8;
      for (let i = 0; i < derivative.length; i++) {
        const [row, column] = [Math.floor(i / (dims + 1)), i % (dims + 1)];
        const at = from + 4 * row + (column === dims ? 3 : column);
        derivative[i] += weight * slots[at];
      }
    }
  }
  return derivative.map((value) => value * scale);
}

function copyScaled(
  { subject }: Call,
  address: number,
  length: number,
  scale: number,
): Float64Array {
  const from = new Float64Array(subject.engine.heap.memory.buffer, address, length);
  const derivative = new Float64Array(length);
  for (let i = 0; i < length; i++) derivative[i] = scale * from[i];
  return derivative;
}

async function scatterCotangents(
  call: Call,
  cotangents: number,
  map: FieldMap,
  scale: number,
): Promise<Float64Array> {
  const { held, sites, subject, steps, list, run } = call;
  const { heap, pool } = subject.engine;
  const lattice = emptyLattice(heap, held, map);
  const job = held.allocate(FOLD_BYTES);
  const size = asVolume(map.lattice.size);
  const { dims, count } = sites;
  const words = [0, 0, dims, 0, 0, lattice, ...size, dims, steps, list, cotangents, count];
  new Int32Array(heap.memory.buffer, job, FOLD_BYTES / 4).set(words);
  await pool.execute(job, { kernel: 'scatter', signal: run.signal });
  return copyScaled(call, lattice, dims * voxelCount(size), scale);
}
