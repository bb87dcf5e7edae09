import {
  type AffineMap,
  type FieldMap,
  type IndexMap,
  type Lattice,
  mapMembers,
} from '@voxhost/sdk';
import { boxCount, type IndexBox, type IndexRange } from './bricks/index-box.js';
import type { Brick } from './bricks/weigh-brick.js';
import { viewOf } from './copy.js';
import { copyBoxIn } from './copy-box.js';
import type { Engine } from './engine.js';
import type { Held } from './held.js';
import type { LatticeCopies } from './lattices.js';
import { encodeStep, type LatticePart, stepBytes } from './map-steps.js';

/** Where the steps of a map lie. */
export interface StepList {
  readonly address: number;
  readonly count: number;
}

/** What the members of a map are brought with. */
export interface Bringing {
  readonly lattices: LatticeCopies;
  readonly held: Held;
  readonly signal: AbortSignal | undefined;
}

/** The members of a map in the workers' memory, with room for their lattices. */
export interface KeptSteps {
  readonly list: StepList;
  /** Brings slices of each lattice, unless they are there; absent: all of them. Rejects with the signal's reason. */
  bring(
    windows: readonly (IndexRange | undefined)[] | undefined,
    signal: AbortSignal | undefined,
  ): Promise<void>;
}

/** Writes the members of a map, copies of whose lattices are kept. */
export function keepSteps(
  engine: Engine,
  map: IndexMap,
  { lattices, held }: Pick<Bringing, 'lattices' | 'held'>,
): KeptSteps {
  const steps = mapMembers(map);
  const copies = steps.map((step) =>
    step.kind === 'affine' ? undefined : lattices.copyOf(step.lattice),
  );
  return {
    list: encodeSteps(engine, steps, copies, held),
    async bring(windows, signal) {
      for (const [i, step] of steps.entries())
        if (step.kind === 'field')
          await copies[i]?.bring(windows?.[i] ?? allSlices(step.lattice), signal);
    },
  };
}

/** The same with all of the lattices. */
export async function bringSteps(
  engine: Engine,
  map: IndexMap,
  { lattices, held, signal }: Bringing,
): Promise<StepList> {
  const { list, bring } = keepSteps(engine, map, { lattices, held });
  await bring(undefined, signal);
  return list;
}

/** The same with copies of no more of the lattices than a brick needs, which go with it. */
export async function loadSteps(
  engine: Engine,
  map: IndexMap,
  brick: Brick,
  { lattices, held, signal }: Bringing,
): Promise<StepList> {
  const steps = mapMembers(map);
  const parts: (LatticePart | undefined)[] = [];
  for (const [i, step] of steps.entries()) {
    const box = brick.lattices[i];
    if (step.kind === 'affine') parts.push(undefined);
    else if (box === undefined) parts.push(await keepLattice(step, box, { lattices, signal }));
    else parts.push(await loadLattice(engine, step, box, { held, signal }));
  }
  return encodeSteps(engine, steps, parts, held);
}

async function keepLattice(
  { lattice }: FieldMap,
  window: IndexRange | undefined,
  { lattices, signal }: Pick<Bringing, 'lattices' | 'signal'>,
): Promise<LatticePart> {
  const { address, bring } = lattices.copyOf(lattice);
  await bring(window ?? allSlices(lattice), signal);
  return { address };
}

const allSlices = ({ size }: Lattice): IndexRange => ({ first: 0, count: size[size.length - 1] });

async function loadLattice(
  { heap }: Engine,
  { lattice: { data, size } }: FieldMap,
  box: IndexBox,
  { held, signal }: { readonly held: Held; readonly signal: AbortSignal | undefined },
): Promise<LatticePart> {
  const address = held.allocate(boxCount(box) * size.length * data.BYTES_PER_ELEMENT);
  await copyBoxIn(heap, { data, size, channels: size.length }, { address, box }, signal);
  return { address, box };
}

function encodeSteps(
  { heap }: Engine,
  steps: readonly (AffineMap | FieldMap)[],
  parts: readonly (LatticePart | undefined)[],
  held: Held,
): StepList {
  const address = held.allocate(stepBytes(steps.length));
  for (const [i, step] of steps.entries()) {
    encodeStep(viewOf(heap, address + stepBytes(i), stepBytes(1)), step, parts[i]);
  }
  return { address, count: steps.length };
}

/** Points as x y z each; z of a picture is 0. */
export function writePoints(
  { heap }: Engine,
  address: number,
  points: Float64Array,
  dims: number,
): void {
  const count = points.length / dims;
  const view = new Float64Array(heap.memory.buffer, address, count * 3);
  if (dims === 3) {
    view.set(points);
    return;
  }
  for (let n = 0; n < count; n++) {
    view[3 * n] = points[2 * n];
    view[3 * n + 1] = points[2 * n + 1];
    view[3 * n + 2] = 0;
  }
}
