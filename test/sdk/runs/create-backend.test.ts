import assert from 'node:assert/strict';
import {
  type Backend,
  type BackendParts,
  createBackend,
  createGrid,
  createImage,
  identityMap,
  isVoxhostError,
  type Resample,
} from '@voxhost/sdk';
import { CAPABILITIES } from '@voxhost/sdk/reference/capabilities';

const size = [2, 2];
const operation: Resample = {
  kind: 'resample',
  source: createImage(createGrid({ size }), new Float32Array(4)),
  interpolator: 'nearest',
  boundary: { kind: 'nearest' },
  pixelType: 'float32',
  gradient: false,
  demand: { maps: ['affine'], samples: 'grid', perRun: 4, runs: 1 },
};

const isDisposed = (error: unknown): boolean => isVoxhostError(error, 'DISPOSED');

/** A backend that writes down what is asked of its parts. */
function createRecorded(parts: Partial<BackendParts> = {}): {
  readonly backend: Backend;
  readonly events: string[];
} {
  const events: string[] = [];
  const backend = createBackend({
    name: 'recorded',
    capabilities: CAPABILITIES,
    supports: () => ({ ok: true, memory: { prepare: 0, run: 0 } }),
    resample: async () => ({
      run: async () => ({ data: new Float32Array(4) }),
      dispose: () => void events.push('freed'),
    }),
    dispose: async () => {
      events.push('ended');
    },
    ...parts,
  });
  return { backend, events };
}

describe('createBackend', () => {
  it('frees what was prepared once, however often it is disposed', async () => {
    const { backend, events } = createRecorded();
    const prepared = await backend.prepare(operation);
    await prepared[Symbol.asyncDispose]();
    await prepared[Symbol.asyncDispose]();
    await backend[Symbol.asyncDispose]();
    await backend[Symbol.asyncDispose]();
    assert.deepEqual(events, ['freed', 'ended']);
  });

  it('ends what it has prepared before what they share, and refuses their runs', async () => {
    const { backend, events } = createRecorded();
    const prepared = await backend.prepare(operation);
    await backend[Symbol.asyncDispose]();
    assert.deepEqual(events, ['freed', 'ended']);
    await assert.rejects(prepared.run(identityMap(2), { samples: { size } }), isDisposed);
    await assert.rejects(backend.prepare(operation), isDisposed);
  });

  it('frees what is prepared after its end', async () => {
    const { backend, events } = createRecorded();
    const prepared = backend.prepare(operation);
    await backend[Symbol.asyncDispose]();
    await assert.rejects(prepared, isDisposed);
    assert.ok(events.includes('freed'));
  });

  it('refuses what its capabilities or its own judgement do not cover', async () => {
    const { backend } = createRecorded({
      capabilities: [],
      supports: () => assert.fail('asked of what no capability covers'),
    });
    assert.equal(backend.supports(operation).ok, false);
    await assert.rejects(backend.prepare(operation), (error) =>
      isVoxhostError(error, 'UNSUPPORTED'),
    );
    const own = createRecorded({
      supports: () => ({ ok: false, axis: 'size', reason: 'is odd' }),
    });
    await assert.rejects(
      own.backend.prepare(operation),
      (error) => isVoxhostError(error, 'UNSUPPORTED') && error.fields.axis === 'size',
    );
  });
});
