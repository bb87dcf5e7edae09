import assert from 'node:assert/strict';
import { fileURLToPath } from 'node:url';
import type { Boundary, Interpolator, Resample } from '@voxhost/sdk';
import { describeBackend } from '@voxhost/sdk/testing';
import { activateAt, activateInline } from '../../support/process-plugin.js';
import { identity, smallImage, smallResample } from '../../support/small-calls.js';

// Given by its path it is not what ships with the host, so it gets a process of its own.
const path = fileURLToPath(
  new URL('../../../../manifests/org.voxhost.cpu.plugin.json', import.meta.url),
);
// Every rule takes minutes there; asked for by VOXHOST_SLOW_TESTS. Its bits are compared in any case.
if (process.env['VOXHOST_SLOW_TESTS'] !== undefined) {
  await describeBackend(
    'of the CPU plugin in a child process',
    async () => (await activateAt(path)).backend,
    { describe, it, after },
  );
}

describe('the CPU plugin in a child process', () => {
  it('gives the bits that it gives here', async () => {
    const active = await activateInline(path);
    await using here = active.backend;
    await using there = await activateAt(path);
    const maps = [identity.matrix, new Float64Array([0.9, 0.13, 0.4, -0.11, 1.2, -1.3])];
    for (const interpolator of ['nearest', 'linear', 'bspline3', 'lanczos3'] as Interpolator[]) {
      for (const kind of ['nearest', 'mirror', 'grid-wrap'] as const) {
        const boundary: Boundary = { kind };
        const operation: Resample = { ...smallResample(smallImage()), interpolator, boundary };
        await using a = await here.prepare(operation);
        await using b = await there.backend.prepare(operation);
        for (const matrix of maps) {
          const asked = { samples: { size: [20, 17] } };
          const map = { kind: 'affine', matrix } as const;
          const [one, other] = await Promise.all([a.run(map, asked), b.run(map, asked)]);
          assert.deepEqual(one.data, other.data, `${interpolator} ${kind}`);
        }
      }
    }
  });
});
