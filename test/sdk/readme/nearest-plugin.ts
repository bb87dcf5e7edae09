import {
  ABI,
  type Backend,
  type CapabilityBlock,
  createBreather,
  createRunQueue,
  definePlugin,
  matchCapabilities,
  type Operation,
  outputOf,
  type Prepared,
  type Resample,
  type RunQueue,
  requireResampleRun,
  samplePositions,
  toPixelValue,
  VoxhostError,
} from '@voxhost/sdk';

/** What the manifest says, word for word. */
const CAPABILITIES: readonly CapabilityBlock[] = [
  {
    op: 'resample',
    dims: [2, 3],
    pixelTypes: '*',
    output: ['same'],
    interpolators: ['nearest'],
    boundaries: ['nearest'],
    maps: '*',
    samples: '*',
    gradient: false,
    cost: { startMs: 0, prepareNsPerVoxel: 0, runMs: 0.05, nsPerSample: 150, copyGBs: 10 },
    numerics: { class: 'exact', deterministic: true, reference: 'float64' },
  },
];

function createNearest(): Backend {
  const queues = new Set<RunQueue>();
  let disposed = false;
  const supports: Backend['supports'] = (operation) => {
    const match = matchCapabilities(CAPABILITIES, operation);
    if (!match.ok) return { ok: false, ...match.mismatch };
    return { ok: true, memory: { prepare: 0, run: 8 * operation.demand.perRun } };
  };
  return {
    name: 'nearest',
    capabilities: CAPABILITIES,
    supports,
    async prepare<O extends Operation>(operation: O, signal?: AbortSignal) {
      if (disposed) throw new VoxhostError('DISPOSED', { what: 'backend "nearest"' });
      signal?.throwIfAborted();
      const support = supports(operation);
      if (!support.ok) throw new VoxhostError('UNSUPPORTED', { backend: 'nearest', ...support });
      const queue = createRunQueue('a resample of backend "nearest"');
      queues.add(queue);
      return prepareResample(operation as Resample, queue) as Prepared<O['kind']>;
    },
    async [Symbol.asyncDispose]() {
      disposed = true;
      await Promise.all([...queues].map((queue) => queue.close()));
    },
  };
}

function prepareResample(operation: Resample, queue: RunQueue): Prepared<'resample'> {
  const { source, pixelType } = operation;
  const { size } = source.grid;
  const run: Prepared<'resample'>['run'] = async (map, options) => {
    const shape = requireResampleRun(operation, map, options);
    const data = outputOf(operation, options, shape);
    const locate = samplePositions(map, options.samples, size.length);
    const breathe = createBreather(options);
    const position = new Float64Array(size.length);
    const voxels = source.data.length / source.channels;
    for (let n = 0; n < shape.samples; n++) {
      if (n % 4096 === 0) await breathe(n / shape.samples);
      locate(n, position);
      const at = position.every(Number.isFinite) ? voxelAt(position, size) : Number.NaN;
      for (let c = 0; c < shape.planes; c++) {
        data[c * shape.samples + n] = toPixelValue(
          source.data[c * voxels + at] ?? Number.NaN,
          pixelType,
        );
      }
    }
    return { data };
  };
  return {
    run: (map, options) => queue.enqueue(() => run(map, options)),
    [Symbol.asyncDispose]: () => queue.close(),
  };
}

/** Where the voxel nearest to a position lies in a plane; beyond the edge, the edge's. */
function voxelAt(position: Float64Array, size: readonly number[]): number {
  return size.reduceRight((at, n, axis) => {
    const nearest = Math.floor((position[axis] ?? 0) + 0.5);
    return at * n + Math.min(Math.max(nearest, 0), n - 1);
  }, 0);
}

export default definePlugin({
  id: 'org.example.nearest',
  version: '1.0.0',
  abi: { min: ABI, max: ABI },
  activate: async () => createNearest(),
});
