import assert from 'node:assert/strict';
import { affineMap, createGrid, createImage, type Resample } from '@voxhost/sdk';
import { createReference } from '@voxhost/sdk/reference';
import { createCpu } from './support.js';

/** The longest line of coefficients that the manifest's scratch memory holds, and what the boundary `nearest` adds to it. */
const LONGEST = 28_672;
const PADDING = 24;
/** The plugin's stated 1e-6 of the largest value, which is 1, with room for the prefilter's sums. */
const TOLERANCE = 1e-5;

const along = (length: number, over: Partial<Resample> = {}): Resample => ({
  kind: 'resample',
  source: createImage(
    createGrid({ size: [length, 2] }),
    Float32Array.from({ length: 2 * length }, (_, i) => Math.sin(i / 5)),
  ),
  interpolator: 'bspline3',
  boundary: { kind: 'nearest' },
  pixelType: 'float32',
  gradient: false,
  demand: { maps: ['affine'], samples: 'grid', perRun: 32, runs: 1 },
  ...over,
});

describe('long lines on the cpu plugin', () => {
  it('are filtered right up to the longest that is taken', async () => {
    const operation = along(LONGEST - PADDING);
    const map = affineMap([1, 0, LONGEST - PADDING - 15.7, 0, 1, 0.3]);
    const samples = { size: [16, 2] };
    await using cpu = await createCpu();
    await using reference = createReference();
    await using prepared = await cpu.prepare(operation);
    await using oracle = await reference.prepare(operation);
    const { data } = await prepared.run(map, { samples });
    const { data: right } = await oracle.run(map, { samples });
    for (const [i, value] of data.entries()) {
      assert.ok(Math.abs(value - (right[i] ?? Number.NaN)) < TOLERANCE, `sample ${i}`);
    }
  });

  it('are refused by their size beyond, and only where they are filtered', async () => {
    await using cpu = await createCpu();
    const longer = LONGEST - PADDING + 1;
    const support = cpu.supports(along(longer));
    assert.equal(support.ok ? undefined : support.axis, 'size');
    assert.equal(cpu.supports(along(longer, { interpolator: 'linear' })).ok, true);
    assert.equal(cpu.supports(along(longer, { boundary: { kind: 'mirror' } })).ok, true);
  });
});
