import {
  type Backend,
  type CapabilityBlock,
  createGrid,
  createImage,
  type Operation,
  type Prepared,
  type Resample,
  type ResampleCapability,
  type Runs,
  type Support,
  VoxhostError,
} from '@voxhost/sdk';
import type { BackendPool } from '#host/loading/backend-pool.js';
import type { Candidate } from '#host/routing/candidate.js';
import type { Verdict } from '#host/verdict.js';

export const compatible: Verdict = {
  verdict: 'compatible',
  stage: 10,
  severity: 'ok',
  transient: false,
  evidence: {},
  fix: [],
  notes: [],
  unchecked: [],
};

export function block(overrides: Partial<ResampleCapability> = {}): ResampleCapability {
  return {
    op: 'resample',
    dims: [2, 3],
    pixelTypes: '*',
    output: '*',
    interpolators: '*',
    boundaries: '*',
    maps: '*',
    samples: '*',
    gradient: true,
    cost: { startMs: 10, prepareNsPerVoxel: 0, runMs: 1, nsPerSample: 10, copyGBs: 10 },
    numerics: { class: 'exact', deterministic: true, reference: 'reference@1' },
    ...overrides,
  };
}

const idOf = (name: string): string => `org.example.${name}`;

export function candidate(
  name: string,
  capabilities: readonly CapabilityBlock[] = [block()],
  overrides: Partial<Candidate> = {},
): Candidate {
  return {
    id: idOf(name),
    name,
    version: '1.0.0',
    layer: 4,
    verdict: compatible,
    capabilities,
    basis: 'manifest',
    isActive: false,
    ...overrides,
  };
}

/** A 2 x 2 resample with n times as many samples demanded as given. */
export function resampleOf(perRun = 4, runs = 1, overrides: Partial<Resample> = {}): Resample {
  return {
    kind: 'resample',
    source: createImage(createGrid({ size: [2, 2] }), new Float32Array([1, 2, 3, 4])),
    interpolator: 'linear',
    boundary: { kind: 'nearest' },
    pixelType: 'float32',
    gradient: false,
    demand: { maps: ['affine'], samples: 'grid', perRun, runs },
    ...overrides,
  };
}

/** What a fake backend does at its n-th run: answers its own number in every pixel, or fails so. */
export type Behaviour = (run: number) => 'answer' | Error | 'short' | 'wrong-type' | 'unwritten';

export class FakeBackend implements Backend {
  readonly name: string;
  readonly capabilities = [];
  readonly log: string[] = [];
  readonly #behaviour: Behaviour;
  readonly #value: number;

  constructor(name: string, value: number, behaviour: Behaviour = () => 'answer') {
    this.name = name;
    this.#value = value;
    this.#behaviour = behaviour;
  }

  supports(_operation: Operation): Support {
    return { ok: true, memory: { prepare: 0, run: 0 } };
  }

  async prepare<O extends Operation>(operation: O): Promise<Prepared<O['kind']>> {
    this.log.push('prepare');
    let runs = 0;
    const run = async (_map: unknown, asked: { readonly into?: Float32Array }) => {
      this.log.push('run');
      await new Promise((resolve) => setTimeout(resolve, 1));
      const what = this.#behaviour(runs++);
      if (what instanceof Error) throw what;
      if (what === 'short') return { data: new Float32Array(3) };
      if (what === 'wrong-type') return { data: new Int16Array(4) };
      if (operation.kind === 'metric') return { value: this.#value, samples: 4 };
      if (what === 'unwritten') return { data: asked.into };
      return { data: (asked.into ?? new Float32Array(4)).fill(this.#value) };
    };
    return {
      run: run as unknown as () => Promise<Runs[O['kind']][1]>,
      [Symbol.asyncDispose]: async () => void this.log.push('dispose'),
    };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.log.push('end');
  }
}

/** A pool over backends that the test made; counts who was activated and who was discarded. */
export function poolOf(
  backends: readonly FakeBackend[],
): BackendPool & { readonly discarded: string[]; readonly blamed: string[] } {
  const discarded: string[] = [];
  const blamed: string[] = [];
  return {
    ending: new AbortController().signal,
    discarded,
    blamed,
    blame: (id, { verdict, reason }) => void blamed.push(`${id} ${verdict}: ${reason}`),
    acquire: async (id) => {
      const found = backends.find(({ name }) => idOf(name) === id);
      if (found === undefined)
        throw new VoxhostError('BACKEND_FAILED', { backend: id, reason: 'is not there' });
      return found;
    },
    activityOf: () => ({ isActive: false }),
    discard: async (id) => void discarded.push(id),
    close: async () => undefined,
  };
}
