import {
  affineMap,
  type Backend,
  createGrid,
  createImage,
  fieldMap,
  type Image,
  type IndexMap,
  type Metric,
  mapMembers,
  PIXEL_TYPES,
  type Resample,
  voxelCount,
} from '@voxhost/sdk';
import type { Engine } from '#cuda/engine.js';
import { SLICES_PER_THREAD } from '#cuda/execute-blocks.js';
import { createHolder } from '#cuda/holder.js';
import { holdLattices, loadMap } from '#cuda/map-parameters.js';
import { OUTPUT, RULES } from '#cuda/parameters.js';
import { prepareSource } from '#cuda/prepare-source.js';
import { chooseKernel, kernelName } from '#cuda/resample-rules.js';
import { samplingRules } from '#cuda/sampling-rules.js';

/** One kernel on resident data, its output left on the device. */
export interface Measured {
  readonly name: string;
  /** Of a whole output, the least of all rounds: what interrupts only adds. */
  readonly ms: number;
  readonly nsPerVoxel: number;
  /** Bytes that must be read and written once, per second, against the device's own copy. */
  readonly partOfCopyBandwidth: number;
}

export interface Benchmark {
  readonly size: number;
  /** 1e9 bytes per second, read and written both counted, of a copy on the device in this run. */
  readonly copyGBs: number;
  readonly kernels: readonly Measured[];
}

/** Copies so many bytes on the device; starts only. */
export type DeviceCopy = (to: bigint, from: bigint, bytes: number, stream: bigint) => void;

const ROUNDS = 5;
/** Launches between two looks at the clock, so that waiting for the last is a small part. */
const LAUNCHES = 20;

interface Workload {
  readonly name: string;
  readonly pixelType: 'uint8' | 'int16' | 'float32';
  readonly interpolator: Resample['interpolator'];
  readonly map: (size: number) => IndexMap;
}

/** Ten degrees about (1, 2, 3) through the centre, and a scaling by 0.98. */
function turned(size: number): IndexMap {
  const [angle, scale] = [Math.PI / 18, 0.98];
  const [x, y, z] = [1, 2, 3].map((each) => each / Math.sqrt(14));
  const [c, s] = [Math.cos(angle), Math.sin(angle)];
  const rows = [
    [c + x * x * (1 - c), x * y * (1 - c) - z * s, x * z * (1 - c) + y * s],
    [y * x * (1 - c) + z * s, c + y * y * (1 - c), y * z * (1 - c) - x * s],
    [z * x * (1 - c) - y * s, z * y * (1 - c) + x * s, c + z * z * (1 - c)],
  ].map((row) => row.map((each) => each * scale));
  const centre = (size - 1) / 2;
  return affineMap(
    rows.flatMap((row) => [...row, centre - row.reduce((sum, m) => sum + m * centre, 0)]),
  );
}

/** A free-form deformation with a control point every 32 voxels. */
function freeForm(size: number): IndexMap {
  const n = Math.ceil(size / 32) + 3;
  const data = Float32Array.from({ length: 3 * n ** 3 }, (_, i) => 3 * Math.sin(i * 1.7));
  const step = 1 / 32;
  const lookup = [step, 0, 0, 1, 0, step, 0, 1, 0, 0, step, 1];
  return fieldMap({ lookup, lattice: { size: [n, n, n], order: 3, outside: 'edge', data } });
}

const WORKLOADS: readonly Workload[] = [
  { name: 'affine-linear', pixelType: 'float32', interpolator: 'linear', map: turned },
  { name: 'affine-linear-int16', pixelType: 'int16', interpolator: 'linear', map: turned },
  { name: 'affine-nearest-uint8', pixelType: 'uint8', interpolator: 'nearest', map: turned },
  { name: 'affine-bspline3', pixelType: 'float32', interpolator: 'bspline3', map: turned },
  { name: 'field-linear', pixelType: 'float32', interpolator: 'linear', map: freeForm },
];

/** Times each workload and a copy on the device on volumes of size³. */
export async function runBenchmark(
  engine: Engine,
  copy: DeviceCopy,
  size: number,
): Promise<Benchmark> {
  const bytes = 4 * size ** 3;
  const { memory, lanes } = engine;
  const { stream } = lanes.both[0];
  using from = memory.take(bytes);
  using to = memory.take(bytes);
  const copyMs = await leastMs(engine, () => copy(to.address, from.address, bytes, stream));
  const copyGBs = (2 * bytes) / copyMs / 1e6;
  const kernels: Measured[] = [];
  for (const workload of WORKLOADS) {
    const ms = await timeWorkload(engine, workload, size, to.address);
    const moved =
      2 *
      size ** 3 *
      (workload.pixelType === 'float32' ? 4 : workload.pixelType === 'int16' ? 2 : 1);
    kernels.push({
      name: workload.name,
      ms,
      nsPerVoxel: (ms * 1e6) / size ** 3,
      partOfCopyBandwidth: moved / ms / 1e6 / copyGBs,
    });
  }
  return { size, copyGBs, kernels };
}

async function timeWorkload(
  engine: Engine,
  { pixelType, interpolator, map }: Workload,
  size: number,
  address: bigint,
): Promise<number> {
  const source = volume(pixelType, size);
  const boundary = { kind: 'constant', value: 0 } as const;
  const demand = { maps: ['affine'], samples: 'grid', perRun: size ** 3, runs: 1 } as const;
  const operation: Resample = {
    kind: 'resample',
    ...{ source, interpolator, boundary, pixelType, demand },
    gradient: false,
  };
  using resident = await prepareSource(engine, operation);
  const { hasAffine } = chooseKernel(operation);
  const steps = mapMembers(map(size));
  using lattices = createHolder();
  const onDevice = await holdLattices(engine, steps, () => true, lattices);
  const use = { dims: 3, points: undefined, hasAffine, resident: onDevice, boxes: [] };
  using parameters = await engine.lanes.exclusive(() => loadMap(engine, steps, use));
  const structs = [
    resident.value.parameters,
    RULES.pack({ ...samplingRules(interpolator, boundary), gradient: 0 }),
    parameters.parametersAt(0),
    OUTPUT.pack({
      address,
      start: [0, 0, 0],
      planeStride: size ** 3,
      rowStride: size,
      sliceStride: size ** 2,
      size: [size, size, size],
      pixel: PIXEL_TYPES.indexOf(pixelType),
    }),
  ];
  const { stream } = engine.lanes.both[0];
  const kernel = kernelName(operation, parameters.kind);
  return await leastMs(engine, () =>
    engine.launch(kernel, structs, [size, size, Math.ceil(size / SLICES_PER_THREAD)], stream),
  );
}

const ARRAYS = { uint8: Uint8Array, int16: Int16Array, float32: Float32Array };

/** Bytes that follow no pattern; a loop, since arrays made of functions take minutes at this size. */
function volume(pixelType: Workload['pixelType'], size: number): Image {
  const grid = createGrid({ size: [size, size, size] });
  const data = new ARRAYS[pixelType](voxelCount(grid.size));
  for (let i = 0; i < data.length; i++) data[i] = Math.imul(i, 2654435761) >>> 24;
  return createImage(grid, data);
}

/** Milliseconds of one start, by many starts and one wait. */
async function leastMs({ lanes }: Engine, start: () => void): Promise<number> {
  const round = async (launches: number): Promise<number> => {
    const began = performance.now();
    for (let n = 0; n < launches; n++) start();
    await lanes.drained(lanes.both[0]);
    return (performance.now() - began) / launches;
  };
  await round(1);
  let least = Number.POSITIVE_INFINITY;
  for (let n = 0; n < ROUNDS; n++) least = Math.min(least, await round(LAUNCHES));
  return least;
}

/** Whole runs of metrics with derivative under an affine map, on resident images: name and least milliseconds. */
export async function timeMetrics(
  backend: Backend,
  size: number,
): Promise<Readonly<Record<string, number>>> {
  const [fixed, moving] = [volume('float32', size), volume('float32', size)];
  const times: Record<string, number> = {};
  const blocks = backend.capabilities.filter((block) => block.op === 'metric');
  for (const name of new Set(blocks.map((block) => block.name))) {
    const operation: Metric = {
      kind: 'metric',
      ...{ name, options: {}, fixed, moving, derivative: true },
      fixedInterpolator: 'linear',
      movingInterpolator: 'linear',
      demand: { maps: ['affine'], samples: 'grid', perRun: size ** 3, runs: ROUNDS },
    };
    await using prepared = await backend.prepare(operation);
    let least = Number.POSITIVE_INFINITY;
    for (let n = 0; n < ROUNDS; n++) {
      const began = performance.now();
      await prepared.run(turned(size), { derivative: true });
      least = Math.min(least, performance.now() - began);
    }
    times[name] = least;
  }
  return times;
}
