import {
  ABI,
  type Backend,
  type CapabilityBlock,
  createBackend,
  createBreather,
  definePlugin,
  outputOf,
  type Prepared,
  type Resample,
  requireResampleRun,
  samplePositions,
  toPixelValue,
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
    numerics: { class: 'exact', deterministic: true, reference: 'reference@1' },
  },
];

const createNearest = (): Backend =>
  createBackend({
    name: 'nearest',
    capabilities: CAPABILITIES,
    supports: ({ demand }) => ({ ok: true, memory: { prepare: 0, run: 8 * demand.perRun } }),
    resample: async (operation) => ({ run: nearestOf(operation) }),
  });

function nearestOf(operation: Resample): Prepared<'resample'>['run'] {
  const { source, pixelType } = operation;
  const { size } = source.grid;
  return async (map, options) => {
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
