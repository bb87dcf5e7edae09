import assert from 'node:assert/strict';
import {
  affineMap,
  type BoundaryKind,
  createGrid,
  createImage,
  type Resample,
  voxelCount,
} from '@voxhost/sdk';
import { isStreamed, LIMITS } from '#cpu/limits.js';
import { createCpu } from './support.js';

/** Past the bytes from which a source that is sampled once stays with the caller; its output takes two blocks. */
const SIZE = [320, 160, 330];

describe('a source that stays with the caller', () => {
  const data = new Float32Array(voxelCount(SIZE));
  for (let i = 0; i < data.length; i++) data[i] = (i * 37) % 1009;
  const source = createImage(createGrid({ size: SIZE }), data);

  for (const kind of ['constant', 'mirror'] satisfies BoundaryKind[]) {
    it(`gives the values of one that is kept: ${kind}`, async () => {
      await using cpu = await createCpu();
      const map = affineMap([0.9, 0.1, 0, -3, -0.1, 0.9, 0.05, 4, 0.02, -0.1, 0.95, 9.5]);
      const values = async (runs: number): Promise<Float32Array> => {
        const operation: Resample = {
          kind: 'resample',
          source,
          interpolator: 'linear',
          boundary: kind === 'constant' ? { kind, value: -1 } : { kind },
          pixelType: 'float32',
          gradient: false,
          demand: { maps: ['affine'], samples: 'grid', perRun: data.length, runs },
        };
        assert.equal(isStreamed(operation, LIMITS), runs === 1);
        await using prepared = await cpu.prepare(operation);
        return (await prepared.run(map, { samples: { size: SIZE } })).data as Float32Array;
      };
      const [streamed, kept] = [await values(1), await values(2)];
      assert.equal(Buffer.compare(Buffer.from(streamed.buffer), Buffer.from(kept.buffer)), 0);
    });
  }

  it('is let go of when its preparation is aborted', async () => {
    await using cpu = await createCpu();
    const operation: Resample = {
      kind: 'resample',
      source,
      interpolator: 'bspline2',
      boundary: { kind: 'mirror' },
      pixelType: 'float32',
      gradient: false,
      demand: { maps: ['affine'], samples: 'grid', perRun: 1, runs: 2 },
    };
    const abort = new AbortController();
    const preparing = cpu.prepare(operation, abort.signal);
    setTimeout(() => abort.abort(new Error('enough')), 5);
    await assert.rejects(preparing, /enough/);
  });
});
