import assert from 'node:assert/strict';
import type { Demand } from '@voxhost/sdk';
import fc from 'fast-check';
import { patchDemand, samplesPerGroup } from '#impact/jacobian/group-size.js';

const onGrid = (perRun: number): Demand => ({ maps: ['affine'], samples: 'grid', perRun, runs: 3 });

describe('what the patches of IMPACT ask of a resampler', () => {
  it('is what the drawn samples take, not the whole grid', () => {
    const asked = patchDemand(onGrid(7_000_000), 343, 500);
    assert.deepEqual(asked, { maps: ['points'], samples: 'points', perRun: 171_500, runs: 3 });
  });

  it('is all points that runs will name, whatever would be drawn', () => {
    const named: Demand = { ...onGrid(2000), samples: 'points' };
    assert.equal(patchDemand(named, 125, 500).perRun, 250_000);
  });

  it('is a group at most per run, and runs enough for all', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 1e7 }),
        fc.integer({ min: 1, max: 1e5 }),
        (n, voxels) => {
          const { perRun, runs } = patchDemand(onGrid(n), voxels, undefined);
          assert.ok(perRun <= samplesPerGroup(voxels) * voxels);
          assert.ok(perRun * runs >= 3 * n * voxels);
        },
      ),
    );
  });
});
