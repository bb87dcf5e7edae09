import { type AffineMap, asVolume, type FieldMap, type Lattice } from '@voxhost/sdk';
import type { Region } from './device-memory.js';
import type { Engine } from './engine.js';
import { createHolder, type Holder } from './holder.js';
import { orRelease } from './load-pixels.js';
import { AFFINE_MAP, OUTSIDE, STEP, STEP_KIND, STEPS_MAP } from './parameters.js';
import { type Box, boxVolume, placeBox, wholeBox } from './parts/box.js';
import { boxRows } from './parts/box-rows.js';

export type MapStep = AffineMap | FieldMap;

/** A map as the kernels' parameter, and what it holds on the device until it is done with. */
export interface MapParameters extends Disposable {
  readonly kind: 'affine' | 'steps';
  /** Where the list of points lies, or 0. */
  readonly pointsAddress: bigint;
  /** For the samples of a block: `firstPoint` counts in the list of points. */
  parametersAt(firstPoint: number): Uint8Array;
}

/** Lattices that lie on the device as a whole. */
export type ResidentLattices = ReadonlyMap<Lattice, bigint>;

/** Brings lattices to the device, where they stay under their identity. Takes the lanes by itself. */
export async function holdLattices(
  engine: Engine,
  steps: readonly MapStep[],
  isWanted: (lattice: Lattice) => boolean,
  held: Holder,
): Promise<ResidentLattices> {
  const resident = new Map<Lattice, bigint>();
  for (const step of steps) {
    if (step.kind !== 'field' || resident.has(step.lattice) || !isWanted(step.lattice)) continue;
    const { lattice } = step;
    const held1 = await engine.memory.hold(lattice, 'lattice', () =>
      engine.lanes.exclusive(async () => {
        const region = await loadLattice(engine, lattice, wholeBox(asVolume(lattice.size)));
        return { ...region, value: region.address };
      }),
    );
    resident.set(lattice, held.add(held1).value);
  }
  return resident;
}

async function loadLattice(
  { memory, lanes }: Engine,
  { size, data }: Lattice,
  box: Box,
): Promise<Region> {
  const components = size.length;
  const region = memory.take(boxVolume(box) * components * data.BYTES_PER_ELEMENT);
  return await orRelease(region, async () => {
    await lanes.uploadAll(region.address, boxRows(data, asVolume(size), components, box));
    return region;
  });
}

/** What a map is loaded for. */
export interface MapUse {
  readonly dims: number;
  /** Points that the steps are applied to; absent for the voxels of a grid. */
  readonly points: Float64Array | undefined;
  /** Is there a kernel for one affine alone? */
  readonly hasAffine: boolean;
  readonly resident: ResidentLattices;
  /** By step: the control points that are needed of a lattice that is not resident. */
  readonly boxes: readonly (Box | undefined)[];
}

/** For who has the lanes. Throws the driver's error. */
export async function loadMap(
  engine: Engine,
  steps: readonly MapStep[],
  { dims, points, hasAffine, resident, boxes }: MapUse,
): Promise<MapParameters> {
  const [only] = steps;
  if (steps.length === 1 && only.kind === 'affine' && points === undefined && hasAffine) {
    const parameters = AFFINE_MAP.pack({ matrix: padded(only.matrix, 4) });
    const nothing = { pointsAddress: 0n, [Symbol.dispose]: () => undefined };
    return { kind: 'affine', parametersAt: () => parameters, ...nothing };
  }
  using held = createHolder();
  const packed: Uint8Array[] = [];
  for (const [at, step] of steps.entries()) {
    packed.push(
      packStep(step, await placeLattice(engine, step, { resident, box: boxes[at], held })),
    );
  }
  const list = await loadArray(engine, concatenate(packed), held);
  const places = points && (await loadArray(engine, points, held));
  return {
    kind: 'steps',
    pointsAddress: places?.address ?? 0n,
    parametersAt: (firstPoint) =>
      STEPS_MAP.pack({
        steps: list.address,
        points: places === undefined ? 0 : places.address + BigInt(8 * dims * firstPoint),
        count: steps.length,
      }),
    ...held.handOn(),
  };
}

/** Of no values too: a list that is empty has an address. */
async function loadArray(
  { memory, lanes }: Engine,
  data: Uint8Array | Float64Array,
  held: Holder,
): Promise<Region> {
  const region = held.add(memory.take(Math.max(8, data.byteLength)));
  await lanes.upload(region.address, data);
  return region;
}

/** Where a lattice lies, or the box of it. */
interface PlacedLattice {
  readonly address: bigint;
  readonly box: Box;
}

async function placeLattice(
  engine: Engine,
  step: MapStep,
  { resident, box, held }: Pick<MapUse, 'resident'> & { box: Box | undefined; held: Holder },
): Promise<PlacedLattice | undefined> {
  if (step.kind === 'affine') return undefined;
  const { lattice } = step;
  const whole = wholeBox(asVolume(lattice.size));
  const address = resident.get(lattice);
  if (address !== undefined) return { address, box: whole };
  const part = box ?? whole;
  return { address: held.add(await loadLattice(engine, lattice, part)).address, box: part };
}

const NO_FIELD = {
  vectors: new Float64Array(9),
  lookup: new Float64Array(12),
  lattice: 0,
  planeStride: 0,
  rowStride: 0,
  sliceStride: 0,
  order: 1,
  outside: 0,
  wide: 0,
  size: [1, 1, 1],
};

/** One step as the kernels' Step; `placed` has where the coefficients lie, where they are read. */
export function packStep(step: MapStep, placed?: PlacedLattice): Uint8Array {
  const matrix = padded(step.matrix, 4);
  if (step.kind === 'affine') return STEP.pack({ ...NO_FIELD, matrix, kind: STEP_KIND.affine });
  const { lattice } = step;
  const bytes = lattice.data.BYTES_PER_ELEMENT;
  const size = asVolume(lattice.size);
  const { address, box } = placed ?? { address: 0n, box: wholeBox(size) };
  const { offset, rowStride, sliceStride } = placeBox(box, bytes);
  return STEP.pack({
    kind: STEP_KIND.field,
    matrix,
    vectors: padded(step.vectors, 3),
    lookup: padded(step.lookup, 4),
    lattice: address + BigInt(offset),
    planeStride: boxVolume(box),
    rowStride,
    sliceStride,
    order: lattice.order,
    outside: OUTSIDE[lattice.outside],
    wide: bytes === 8 ? 1 : 0,
    size,
  });
}

/** Row-major 3 × columns; of a picture's matrix the last column stays last where there are four, and z stays 0. */
function padded(matrix: Float64Array, columns: 3 | 4): Float64Array {
  if (matrix.length === 3 * columns) return matrix;
  const width = columns - 1;
  const whole = new Float64Array(3 * columns);
  for (let row = 0; row < 2; row++) {
    for (let column = 0; column < width; column++) {
      const isOffset = columns === 4 && column === 2;
      whole[row * columns + (isOffset ? 3 : column)] = matrix[row * width + column];
    }
  }
  return whole;
}

function concatenate(parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
