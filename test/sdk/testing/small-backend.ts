import {
  type Backend,
  type CapabilityBlock,
  type Metric,
  matchCapabilities,
  type Operation,
  type Prepared,
  type Resample,
  type Support,
  VoxhostError,
} from '@voxhost/sdk';
import { createReference } from '@voxhost/sdk/reference';

/** A small honest backend: the reference, claiming little. */
export const CLAIMS: readonly CapabilityBlock[] = [
  {
    op: 'resample',
    dims: [2, 3],
    pixelTypes: ['float32', 'uint16'],
    output: ['same', 'int16'],
    interpolators: ['nearest', 'linear', 'bspline3'],
    boundaries: ['nearest', 'grid-constant'],
    maps: ['affine', 'field-1', 'points'],
    samples: '*',
    gradient: true,
    cost: { startMs: 0, prepareNsPerVoxel: 0, runMs: 0, nsPerSample: 1, copyGBs: 1 },
    numerics: { class: 'tolerance', maxRel: 1e-6, deterministic: true, reference: 'float64' },
  },
  {
    op: 'metric',
    name: 'mean-squares',
    dims: [2],
    pixelTypes: ['float32', 'uint16'],
    maps: ['affine', 'field-3', 'points', 'sequence'],
    samples: '*',
    derivative: true,
    cost: { startMs: 0, prepareNsPerVoxel: 0, runMs: 0, nsPerSample: 1, copyGBs: 1 },
    numerics: { class: 'tolerance', maxRel: 1e-6, deterministic: true, reference: 'float64' },
  },
];

type Run = Prepared<'resample'>['run'];
type Measure = Prepared<'metric'>['run'];

/** What a fault puts in the place of an honest part. */
export interface Parts {
  readonly supports?: (honest: Support, operation: Operation) => Support;
  readonly prepare?: (operation: Resample, signal?: AbortSignal) => Promise<Prepared<'resample'>>;
  readonly run?: (honest: Run, operation: Resample) => Run;
  readonly prepareMetric?: (operation: Metric, signal?: AbortSignal) => Promise<Prepared<'metric'>>;
  readonly measure?: (honest: Measure, operation: Metric) => Measure;
  readonly dispose?: (honest: () => PromiseLike<void>) => Promise<void>;
  readonly disposeBackend?: (honest: () => PromiseLike<void>) => Promise<void>;
}

export function createSmall(parts: (reference: Backend) => Parts = () => ({})): Backend {
  const reference = createReference();
  const fault = parts(reference);
  const honest = (operation: Operation): Support => {
    const match = matchCapabilities(CLAIMS, operation);
    return match.ok ? reference.supports(operation) : { ok: false, ...match.mismatch };
  };
  const supports = (operation: Operation): Support =>
    fault.supports?.(honest(operation), operation) ?? honest(operation);
  const requireSupport = (operation: Operation): void => {
    const support = honest(operation);
    if (!support.ok) throw new VoxhostError('UNSUPPORTED', { backend: 'small', ...support });
  };
  const disposer = (prepared: AsyncDisposable): AsyncDisposable[typeof Symbol.asyncDispose] => {
    const dispose = (): PromiseLike<void> => prepared[Symbol.asyncDispose]();
    return async () => await (fault.dispose?.(dispose) ?? dispose());
  };
  const prepareResample = async (
    operation: Resample,
    signal?: AbortSignal,
  ): Promise<Prepared<'resample'>> => {
    requireSupport(operation);
    const prepared = await (fault.prepare ?? reference.prepare)(operation, signal);
    const run = fault.run?.(prepared.run, operation) ?? prepared.run;
    return { run, [Symbol.asyncDispose]: disposer(prepared) };
  };
  const prepareMetric = async (
    operation: Metric,
    signal?: AbortSignal,
  ): Promise<Prepared<'metric'>> => {
    requireSupport(operation);
    const prepared = await (fault.prepareMetric ?? reference.prepare)(operation, signal);
    const run = fault.measure?.(prepared.run, operation) ?? prepared.run;
    return { run, [Symbol.asyncDispose]: disposer(prepared) };
  };
  const disposeBackend = (): PromiseLike<void> => reference[Symbol.asyncDispose]();
  return {
    name: 'small',
    capabilities: CLAIMS,
    supports,
    prepare: <O extends Operation>(operation: O, signal?: AbortSignal) =>
      (operation.kind === 'resample'
        ? prepareResample(operation, signal)
        : prepareMetric(operation, signal)) as Promise<Prepared<O['kind']>>,
    [Symbol.asyncDispose]: async () =>
      await (fault.disposeBackend?.(disposeBackend) ?? disposeBackend()),
  };
}
