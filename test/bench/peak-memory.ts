import { loadavg } from 'node:os';
import {
  allocatePixels,
  createGrid,
  createImage,
  type Interpolator,
  type PixelType,
} from '@voxhost/sdk';
import { createReference } from '@voxhost/sdk/reference';
import { createHost } from 'voxhost';
import { planResample } from 'voxhost/lazy';
import { operationOf } from '#host/lazy/sampling.js';
import { turn } from './workloads.js';

/** Voxels that are compared with the reference. */
const COMPARED = 2000;

/** What the whole process takes of the machine's memory to turn a volume onto itself, and how long. */
export interface PeakMemory {
  readonly size: readonly number[];
  readonly pixelType: PixelType;
  /** Turned by so many degrees about an axis through the centre. */
  readonly axis: readonly number[];
  readonly degrees: number;
  readonly interpolator: Interpolator;
  readonly bytesInAndOut: number;
  /** Largest resident size of the whole process. */
  readonly peakBytes: number;
  /** Resident size when input and output were there and nothing else had been done. */
  readonly baseBytes: number;
  readonly ratio: number;
  readonly ms: number;
  readonly nsPerVoxel: number;
  readonly maxError: number;
  readonly loadAverage: number;
}

type Case = Pick<PeakMemory, 'size' | 'pixelType' | 'axis' | 'degrees' | 'interpolator'>;

async function measurePeak(turned: Case): Promise<PeakMemory> {
  const { size, pixelType, axis, degrees, interpolator } = turned;
  const [x, y, z] = size;
  const data = allocatePixels(pixelType, x * y * z);
  for (let at = 0, k = 0; k < z; k++) {
    for (let j = 0; j < y; j++) {
      const slow = 300 * Math.sin(j / 40) * Math.cos(k / 50);
      for (let i = 0; i < x; i++) data[at++] = slow + ((i * 37) & 255);
    }
  }
  const source = createImage(createGrid({ size }), data);
  const into = allocatePixels(pixelType, data.length).fill(1);
  const baseBytes = process.memoryUsage.rss();
  const map = turn(size, axis, (degrees * Math.PI) / 180);
  await using host = await createHost({ backends: ['cpu'] });
  const request = { map, size, into, interpolator } as const;
  const started = performance.now();
  await host.resample(source, request);
  const ms = performance.now() - started;
  const peakBytes = process.resourceUsage().maxRSS * 1024;
  const places = Array.from(
    { length: COMPARED },
    (_, i) => Math.floor((i * into.length) / COMPARED) + (i % 977),
  );
  const points = Float64Array.from(
    places.flatMap((at) => [at % x, Math.floor(at / x) % y, Math.floor(at / x / y)]),
  );
  await using oracle = await createReference().prepare(operationOf(planResample(source, request)));
  const { data: expected } = await oracle.run(map, { samples: { points } });
  const bytesInAndOut = data.byteLength + into.byteLength;
  return {
    ...turned,
    bytesInAndOut,
    peakBytes,
    baseBytes,
    ratio: Math.round((peakBytes / bytesInAndOut) * 100) / 100,
    ms: Math.round(ms),
    nsPerVoxel: Math.round((ms * 1e8) / data.length) / 100,
    maxError: places.reduce((most, at, i) => Math.max(most, Math.abs(into[at] - expected[i])), 0),
    loadAverage: loadavg()[0],
  };
}

const [
  edges = '1024,1024,1000',
  pixelType = 'int16',
  axis = '0,0,1',
  degrees = '10',
  interpolator,
] = process.argv.slice(2);
const turned = {
  size: edges.split(',').map(Number),
  pixelType: pixelType as PixelType,
  axis: axis.split(',').map(Number),
  degrees: Number(degrees),
  interpolator: (interpolator ?? 'linear') as Interpolator,
};
console.log(JSON.stringify(await measurePeak(turned)));
