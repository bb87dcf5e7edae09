import {
  type Metric,
  type Operation,
  pixelTypeFacts,
  type Resample,
  voxelCount,
} from '@voxhost/sdk';

/** What an operation will cost, in units that a cost model knows. */
export interface Workload {
  /** Source voxels times channels that prepare reads. */
  readonly voxels: number;
  /** Samples times channels that one run gives. */
  readonly samples: number;
  readonly runs: number;
  /** Bytes moved once, when it is prepared. */
  readonly bytesPrepared: number;
  /** Bytes moved by each run, results included. */
  readonly bytesPerRun: number;
}

export function workloadOf(operation: Operation): Workload {
  return operation.kind === 'resample' ? resampleWorkload(operation) : metricWorkload(operation);
}

function resampleWorkload(operation: Resample): Workload {
  const { source, demand } = operation;
  const planes = operation.gradient ? 1 + source.grid.size.length : 1;
  const samples = demand.perRun * source.channels * planes;
  const positions = demand.samples === 'points' ? demand.perRun * source.grid.size.length * 8 : 0;
  return {
    voxels: voxelCount(source.grid.size) * source.channels,
    samples,
    runs: demand.runs,
    bytesPrepared: source.data.byteLength,
    bytesPerRun: samples * pixelTypeFacts(operation.pixelType).bytes + positions,
  };
}

function metricWorkload(operation: Metric): Workload {
  const { fixed, moving, demand } = operation;
  const images = [fixed, moving, operation.fixedMask, operation.movingMask];
  const positions = demand.samples === 'points' ? demand.perRun * fixed.grid.size.length * 8 : 0;
  return {
    voxels: (voxelCount(fixed.grid.size) + voxelCount(moving.grid.size)) * fixed.channels,
    samples: demand.perRun * fixed.channels,
    runs: demand.runs,
    bytesPrepared: images.reduce((bytes, image) => bytes + (image?.data.byteLength ?? 0), 0),
    bytesPerRun: positions,
  };
}
