import assert from 'node:assert/strict';
import { affineMap, type Image, identityMap, type Metric } from '@voxhost/sdk';
import {
  canonicalTurn,
  inverseTurn,
  turnedAxes,
  turnedPositions,
} from '#impact/sampling/orientation.js';
import { openImpact } from './open-impact.js';
import { imageOf, metricOf, modelFolder, pointsIn, texture } from './scenes.js';
import type { Toy } from './vjp-check.js';

/** LPS directions whose columns are index axes, and what nibabel's io_orientation says of them, z first. */
const CASES = [
  {
    name: 'RAS',
    direction: [-1, 0, 0, 0, -1, 0, 0, 0, 1],
    axes: [0, 1, 2],
    flips: [false, false, false],
  },
  {
    name: 'LPS',
    direction: [1, 0, 0, 0, 1, 0, 0, 0, 1],
    axes: [0, 1, 2],
    flips: [false, true, true],
  },
  // index axes to anterior, superior, right: canonical z is index axis y, y is x, x is z
  {
    name: 'ASR',
    direction: [0, 0, -1, -1, 0, 0, 0, 1, 0],
    axes: [1, 2, 0],
    flips: [false, false, false],
  },
  {
    name: 'oblique PIR',
    direction: [0.1, 0, -0.995, 0.99, 0.1, 0.1, 0.1, -0.99, 0.01],
    axes: [1, 2, 0],
    flips: [true, true, false],
  },
] as const;

/** A network that knows right from left: differences along z, y and x with weights of their own. */
const handed: Toy = {
  shape: [1, 1, 1, 1, 1],
  build: (g) => {
    const taps = Float32Array.from({ length: 2 * 27 }, (_, i) => Math.sin(2.3 * i + 1));
    const scaled = g.op('Mul', ['input', g.scalar(0.01)]);
    const wide = g.op('Conv', [scaled, g.floats([2, 1, 3, 3, 3], taps)], {
      kernel_shape: [3, 3, 3],
      pads: [1, 1, 1, 1, 1, 1],
    });
    return g.op('Tanh', [wide]);
  },
};

describe('canonical orientation', function () {
  this.timeout(60_000);

  for (const { name, direction, axes, flips } of CASES) {
    it(`of ${name} is found, and undone`, () => {
      const turn = canonicalTurn(direction, 3);
      assert.deepEqual(turn, { axes, flips });
      const size = [2, 3, 4];
      const there = turnedPositions(size, turn);
      const back = turnedPositions(turnedAxes(size, turn), inverseTurn(turn));
      assert.deepEqual(
        [...back].map((at) => there[at]),
        [...Array(24).keys()],
      );
    });
  }

  it('of a picture is right and anterior', () => {
    assert.deepEqual(canonicalTurn([0, 1, -1, 0], 2), { axes: [1, 0], flips: [false, true] });
  });

  /** The same scene stored along other axes is the same to a network that wants canonical orientation. */
  for (const mode of ['jacobian', 'static']) {
    it(`makes a metric in mode ${mode} forget how the images are stored`, async () => {
      await using models = await modelFolder();
      const model = await models.write('handed', handed, { canonicalOrientation: true });
      const plain = await models.write('plain', handed);
      const size = [13, 12, 14];
      const canonical = { size, origin: [0, 0, 0], direction: [-1, 0, 0, 0, -1, 0, 0, 0, 1] };
      const shifted = (p: readonly number[]) => texture([p[0] - 0.6, p[1] + 0.3, p[2]]);
      const [fixed, moving] = [imageOf(canonical), imageOf(canonical, shifted)];
      const points = pointsIn(fixed, 12, 4);
      const wanted = await measured(mode, model, metricPair(fixed, moving), points);
      const unturned = await measured(mode, plain, metricPair(fixed, moving), points);
      assert.ok(Math.abs(unturned.value - wanted.value) <= 1e-6 * wanted.value);
      const turned = [fixed, moving].map((image) => storedOtherwise(image));
      const places = points.map((_, i) => swapped(points, size, i));
      const found = await measured(mode, model, metricPair(turned[0], turned[1]), places);
      const blind = await measured(mode, plain, metricPair(turned[0], turned[1]), places);
      assert.ok(Math.abs(found.value - wanted.value) <= CLOSE * wanted.value, `${found.value}`);
      assert.ok(Math.abs(blind.value - wanted.value) > 100 * CLOSE * wanted.value);
      // index axes are z, -x, y: translations of the map by them
      const [x, y, z] = [3, 7, 11].map((p) => wanted.derivative?.[p] ?? 0);
      const [a, b, c] = [3, 7, 11].map((p) => found.derivative?.[p] ?? 0);
      const scale = Math.hypot(x, y, z);
      assert.ok(
        Math.hypot(a - z, b + x, c - y) <= 100 * CLOSE * scale,
        `${[a, b, c]} ${[x, y, z]}`,
      );
    });
  }

  it('is refused for slices of volumes', async () => {
    await using models = await modelFolder();
    const flat: Toy = { shape: [1, 1, 1, 1], build: (g) => g.op('Tanh', ['input']) };
    const model = await models.write('flat', flat, { canonicalOrientation: true });
    const image = imageOf({ size: [8, 8, 8] });
    await using impact = openImpact();
    await assert.rejects(
      impact.backend.prepare(metricOf(image, image, { model })),
      /canonical orientation, which a slice of a volume has not/,
    );
  });
});

/** The network and its sampling run in float32. */
const CLOSE = 1e-5;

type Pair = Pick<Metric, 'fixed' | 'moving'>;
const metricPair = (fixed: Image, moving: Image): Pair => ({ fixed, moving });

async function measured(
  mode: string,
  model: string,
  { fixed, moving }: Pair,
  points: Float64Array,
) {
  await using impact = openImpact();
  const options = { mode, model, patchSize: mode === 'static' ? 0 : 5, voxelSize: 1 };
  await using metric = await impact.backend.prepare(metricOf(fixed, moving, options));
  const map = identityMap(3);
  return await metric.run(affineMap(map.matrix), { points, derivative: true });
}

/** Index axes z, -x, y of a canonical image: voxel (i, j, k) is its voxel (n - 1 - j, k, i). */
function storedOtherwise(image: Image): Image {
  const [nx, , nz] = image.grid.size;
  const direction = [0, 1, 0, 0, 0, -1, 1, 0, 0];
  const origin = [-(nx - 1), 0, 0];
  const size = [nz, nx, image.grid.size[1]];
  const { data } = imageOf({ size, origin, direction }, () => 0);
  const values = data.map((_, at) => {
    const [i, j, k] = [at % nz, Math.floor(at / nz) % nx, Math.floor(at / nz / nx)];
    return image.data[nx - 1 - j + nx * (k + image.grid.size[1] * i)];
  });
  return { ...imageOf({ size, origin, direction }, () => 0), data: values };
}

/** A canonical index as index of `storedOtherwise`. */
function swapped(points: Float64Array, [nx]: readonly number[], i: number): number {
  const [x, y, z] = points.subarray(i - (i % 3), i - (i % 3) + 3);
  return [z, nx - 1 - x, y][i % 3];
}
