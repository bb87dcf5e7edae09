import type { AffineMap, FieldMap, IndexMap, Lattice } from '@voxhost/sdk';
import type { Held } from './device-memory.js';
import type { Engine } from './engine.js';
import { createHolder } from './holder.js';
import { AFFINE_MAP, OUTSIDE, STEP, STEP_KIND, STEPS_MAP } from './parameters.js';

/** A map as the kernels' parameter, and what it holds on the device until the run is over. */
export interface MapParameters extends Disposable {
  readonly kind: 'affine' | 'steps';
  /** Where the list of points lies, or 0. */
  readonly pointsAddress: bigint;
  /** For the samples of a block: `firstPoint` counts in a list of points. */
  parametersAt(firstPoint: number): Uint8Array;
}

/** What a map is to be prepared for. */
export interface MapUse {
  readonly dims: number;
  /** Points of the output, which the map then takes to the input; absent for the voxels of a grid. */
  readonly points: Float64Array | undefined;
  /** Is there a kernel for one affine alone? */
  readonly hasAffine: boolean;
}

export async function prepareMap(
  engine: Engine,
  map: IndexMap,
  { dims, points, hasAffine }: MapUse,
): Promise<MapParameters> {
  if (map.kind === 'affine' && points === undefined && hasAffine) {
    const parameters = AFFINE_MAP.pack({ matrix: padded(map.matrix, 4) });
    const nothing = { pointsAddress: 0n, [Symbol.dispose]: () => undefined };
    return { kind: 'affine', parametersAt: () => parameters, ...nothing };
  }
  const steps = stepsOf(map);
  using held = createHolder();
  const lattices = new Map<Lattice, bigint>();
  for (const step of steps) {
    if (step.kind !== 'field' || lattices.has(step.lattice)) continue;
    lattices.set(step.lattice, held.add(await holdLattice(engine, step.lattice)).value);
  }
  const packed = concatenate(steps.map((step) => packStep(step, lattices)));
  const list = packed.length === 0 ? undefined : held.add(engine.memory.take(packed.length));
  const places =
    points === undefined ? undefined : held.add(engine.memory.take(Math.max(8, points.byteLength)));
  await engine.lanes.exclusive(async () => {
    if (list !== undefined) await engine.lanes.upload(list.address, packed);
    if (places !== undefined && points !== undefined)
      await engine.lanes.upload(places.address, points);
  });
  return {
    kind: 'steps',
    pointsAddress: places?.address ?? 0n,
    parametersAt: (firstPoint) =>
      STEPS_MAP.pack({
        steps: list?.address ?? 0,
        points: places === undefined ? 0 : places.address + BigInt(8 * dims * firstPoint),
        count: steps.length,
      }),
    ...held.handOn(),
  };
}

/** The members of a map, applied first to last; none for points, which are mapped already. */
function stepsOf(map: IndexMap): readonly (AffineMap | FieldMap)[] {
  switch (map.kind) {
    case 'affine':
    case 'field':
      return [map];
    case 'sequence':
      return map.maps;
    case 'points':
      return [];
    default:
      return map satisfies never;
  }
}

/** A lattice's address; its coefficients stay on the device under its identity. */
const holdLattice = (engine: Engine, lattice: Lattice): Promise<Held<bigint>> =>
  engine.memory.hold(lattice, 'lattice', async () => {
    const region = engine.memory.take(lattice.data.byteLength);
    try {
      await engine.lanes.exclusive(() => engine.lanes.upload(region.address, lattice.data));
    } catch (error) {
      region[Symbol.dispose]();
      throw error;
    }
    return {
      value: region.address,
      bytes: region.bytes,
      [Symbol.dispose]: () => region[Symbol.dispose](),
    };
  });

const NO_FIELD = {
  vectors: new Float64Array(9),
  lookup: new Float64Array(12),
  lattice: 0,
  order: 1,
  outside: 0,
  wide: 0,
  size: [1, 1, 1],
};

/** One step as the kernels' Step; `lattices` has where the lattice lies, where its coefficients are read. */
export function packStep(
  step: AffineMap | FieldMap,
  lattices: ReadonlyMap<Lattice, bigint>,
): Uint8Array {
  const matrix = padded(step.matrix, 4);
  if (step.kind === 'affine') return STEP.pack({ ...NO_FIELD, matrix, kind: STEP_KIND.affine });
  const { lattice } = step;
  return STEP.pack({
    kind: STEP_KIND.field,
    matrix,
    vectors: padded(step.vectors, 3),
    lookup: padded(step.lookup, 4),
    lattice: lattices.get(lattice) ?? 0,
    order: lattice.order,
    outside: OUTSIDE[lattice.outside],
    wide: lattice.data.BYTES_PER_ELEMENT === 8 ? 1 : 0,
    size: [lattice.size[0], lattice.size[1], lattice.size[2] ?? 1],
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
