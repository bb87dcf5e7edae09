import { METRIC_BOUNDARY, type Metric, type Resample, splineOrder } from '@voxhost/sdk';

/** How a metric reads its images, as resample operations would: what limits those limits it. */
export function readsOf(operation: Metric): readonly Resample[] {
  const { fixed, moving, fixedInterpolator, movingInterpolator, demand } = operation;
  const read = (source: Resample['source'], interpolator: Resample['interpolator']): Resample => ({
    kind: 'resample',
    source,
    interpolator,
    boundary: METRIC_BOUNDARY,
    pixelType: 'float64',
    gradient: true,
    demand,
  });
  const atPoints = demand.samples === 'points' ? fixedInterpolator : 'nearest';
  return [read(moving, movingInterpolator), read(fixed, atPoints)];
}

/** Values per sample that the passes of a local correlation keep between them. */
const PLANES = 8;

/** Bytes of the workers' memory: images, coefficients and masks; listed samples and what lies between passes. */
export function metricMemory(operation: Metric): { prepare: number; run: number } {
  const { fixed, moving, fixedMask, movingMask, fixedInterpolator, demand, name } = operation;
  const coefficients =
    demand.samples === 'points' && splineOrder(fixedInterpolator) !== undefined ? 1 : 0;
  const images = (fixed.data.length * (1 + coefficients) + moving.data.length) * 8;
  const bins = name === 'mattes-mutual-information' ? fixed.data.length * 2 : 0;
  const masks = (fixedMask?.data.length ?? 0) + (movingMask?.data.length ?? 0);
  const lists = demand.samples === 'points' || demand.maps.includes('points') ? 9 : 0;
  const planes = name.startsWith('local') || name === 'label-overlap' ? PLANES : 0;
  return {
    prepare: images + bins + masks,
    run: demand.perRun * fixed.channels * (lists + planes) * 8,
  };
}
