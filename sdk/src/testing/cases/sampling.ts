import type { AffineMap } from '../../index-map.js';
import { affineMap } from '../../map/construct.js';
import { outputIndices } from '../../map/locate-all.js';
import { type Claims, everyday, everydayMap } from '../claims.js';
import { expectAgreement, resampleOnce, type Trial } from '../compare.js';
import type { ConformanceCase } from '../conformance-case.js';
import { expectSame } from '../expect.js';
import { asClaimed, everydayImage, everydayRunMap, everydayTrial } from '../trial.js';
import { sampledMap } from '../trial-maps.js';

/** Where samples are taken: blocks, points, far indices, odd sizes, channels. */
export function samplingCases(claims: Claims): readonly ConformanceCase[] {
  return claims.dims.flatMap((dims) => [
    blockCase(claims, dims),
    ...(claims.samples.length === 2 ? [pointsCase(claims, dims)] : []),
    farCase(claims, dims),
    sizesCase(claims, dims),
    channelsCase(claims, dims),
  ]);
}

const WHOLE = [11, 6, 4];
const PART = { start: [3, 2, 1], size: [7, 3, 2] };

const blockCase = (claims: Claims, dims: number): ConformanceCase => ({
  rule: 'R5',
  name: `a block is its part of the whole, ${dims}-D`,
  async run(backend) {
    const whole = everydayTrial(claims, dims, { block: { size: WHOLE.slice(0, dims) } });
    const block = { start: PART.start.slice(0, dims), size: PART.size.slice(0, dims) };
    const part = everydayTrial(claims, dims, { block });
    const all = await resampleOnce(backend, whole);
    const inWhole = [...partIndices(dims)].map((at) => all[at]);
    expectSame(await resampleOnce(backend, part), inWhole, 'the block');
  },
});

/** Where the samples of the part lie in the whole. */
function* partIndices(dims: number): Iterable<number> {
  const [nx, ny, nz] = [PART.size[0], PART.size[1], dims === 3 ? PART.size[2] : 1];
  const [sx, sy, sz] = [PART.start[0], PART.start[1], dims === 3 ? PART.start[2] : 0];
  for (let z = 0; z < nz; z++) {
    for (let y = 0; y < ny; y++) {
      for (let x = 0; x < nx; x++) {
        yield sx + x + WHOLE[0] * (sy + y + WHOLE[1] * (sz + z));
      }
    }
  }
}

const pointsCase = (claims: Claims, dims: number): ConformanceCase => ({
  rule: 'R5',
  name: `points are the block they stand for, ${dims}-D`,
  async run(backend) {
    const grid = everydayTrial(claims, dims);
    const points = { points: outputIndices(grid.samples, dims) };
    const found = await resampleOnce(backend, { ...grid, samples: points });
    expectSame(found, await resampleOnce(backend, grid), 'the points');
  },
});

/** Whole numbers that float32 does not have. */
const FAR = [16_777_217, -33_554_433, 20_000_003];

const farCase = (claims: Claims, dims: number): ConformanceCase => ({
  rule: 'R6',
  name: `far output indices are told apart, ${dims}-D`,
  async run(backend) {
    const near = everydayTrial(claims, dims);
    const block = { size: [7, 5, 3].slice(0, dims), start: FAR.slice(0, dims) };
    const samples = asClaimed(claims, block, dims);
    const map = sampledMap(backFromFar(dims), everydayMap(claims), samples, dims);
    await expectAgreement(backend, { ...near, map, samples }, claims.block.numerics);
  },
});

/** 3/4 of the way within the block, after the start is taken off; exact in float64. */
function backFromFar(dims: number): AffineMap {
  const rows = [...Array(dims).keys()];
  return affineMap(
    rows.flatMap((r) => [...rows.map((c) => (c === r ? 0.75 : 0)), 0.25 - 0.75 * FAR[r]]),
  );
}

const SIZES = [
  [1, 1, 1],
  [1, 13, 1],
  [31, 1, 1],
  [2, 2, 2],
  [17, 3, 1],
  [1, 1, 7],
  [67, 2, 3],
];

const sizesCase = (claims: Claims, dims: number): ConformanceCase => ({
  rule: 'R7',
  name: `sources and outputs of any size, ${dims}-D`,
  async run(backend) {
    for (const [turn, size] of SIZES.entries()) {
      const output = SIZES[(turn + 3) % SIZES.length].slice(0, dims);
      const samples = asClaimed(claims, { size: output }, dims);
      const source = everydayImage(claims, size.slice(0, dims));
      const map = everydayRunMap(claims, samples, dims);
      const trial: Trial = { operation: everyday(claims, source), map, samples };
      await expectAgreement(backend, trial, claims.block.numerics);
    }
  },
});

const CHANNELS = 3;

const channelsCase = (claims: Claims, dims: number): ConformanceCase => ({
  rule: 'R8',
  name: `${CHANNELS} channels are ${CHANNELS} images, ${dims}-D`,
  async run(backend) {
    const trial = everydayTrial(claims, dims);
    const source = everydayImage(claims, [7, 5, 3].slice(0, dims), CHANNELS);
    const together = await resampleOnce(backend, {
      ...trial,
      operation: everyday(claims, source),
    });
    const voxels = source.data.length / CHANNELS;
    const plane = together.length / CHANNELS;
    for (let c = 0; c < CHANNELS; c++) {
      const data = source.data.slice(c * voxels, (c + 1) * voxels);
      const alone = everyday(claims, { ...source, channels: 1, data });
      const found = await resampleOnce(backend, { ...trial, operation: alone });
      expectSame(together.subarray(c * plane, (c + 1) * plane), found, `channel ${c}`);
    }
  },
});
