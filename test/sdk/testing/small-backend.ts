import {
  type Backend,
  type CapabilityBlock,
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
];

type Run = Prepared<'resample'>['run'];

/** What a fault puts in the place of an honest part. */
export interface Parts {
  readonly supports?: (honest: Support, operation: Operation) => Support;
  readonly prepare?: (operation: Resample, signal?: AbortSignal) => Promise<Prepared<'resample'>>;
  readonly run?: (honest: Run, operation: Resample) => Run;
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
  const prepareResample = async (
    operation: Resample,
    signal?: AbortSignal,
  ): Promise<Prepared<'resample'>> => {
    const support = honest(operation);
    if (!support.ok) throw new VoxhostError('UNSUPPORTED', { backend: 'small', ...support });
    const prepared = await (fault.prepare ?? reference.prepare)(operation, signal);
    const dispose = (): PromiseLike<void> => prepared[Symbol.asyncDispose]();
    return {
      run: fault.run?.(prepared.run, operation) ?? prepared.run,
      [Symbol.asyncDispose]: async () => await (fault.dispose?.(dispose) ?? dispose()),
    };
  };
  const disposeBackend = (): PromiseLike<void> => reference[Symbol.asyncDispose]();
  return {
    name: 'small',
    capabilities: CLAIMS,
    supports,
    prepare: (operation, signal) => prepareResample(operation as Resample, signal) as never,
    [Symbol.asyncDispose]: async () =>
      await (fault.disposeBackend?.(disposeBackend) ?? disposeBackend()),
  };
}
