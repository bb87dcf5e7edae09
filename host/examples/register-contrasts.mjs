// Recovers a known rigid motion between a head and another contrast of it: inverted, of another gamma, with noise.
// Gradient descent on two prepared metrics, mean squares and IMPACT with MIND, which needs no file.
// `node host/examples/register-contrasts.mjs HEAD.nii.gz [FOLDER]`; prints one JSON object, mean errors in mm. Into
// FOLDER, if there is one, go the volumes to look at, and the command that makes a picture of them.
import { join } from 'node:path';
import { createImage, indexToPhysical } from '@voxhost/sdk';
import { createHost } from 'voxhost';
import { rigid, toIndexMap, transformPoint } from 'voxhost/geometry';
import { readImage, writeImage } from 'voxhost/io';
import { resampleImage } from 'voxhost/lazy';

const SAMPLES = 2000;
const LEVELS = [
  { spacing: 6, runs: 80, step: 3 },
  { spacing: 3, runs: 60, step: 1 },
];

const [path, folder] = process.argv.slice(2);
const host = await createHost({ threads: 2 });
try {
  const scan = await readImage(path);
  const center = middleOf(scan);
  const known = rigid({ rotation: [0.05, -0.04, 0.08], translation: [6, -5, 4], center });
  const still = rigid({ rotation: [0, 0, 0], center });
  const levels = [];
  for (const level of LEVELS) levels.push({ ...level, ...(await pairAt(scan, level, known)) });
  const [{ points, fixed }] = levels;
  const places = physicalPoints(fixed, points);
  const left = (transform) => meanError(transform, known, places);
  const impact = { model: 'mind', mode: 'static' };
  const found = {
    'mean-squares': await register('mean-squares', {}, levels, center),
    impact: await register('impact', impact, levels, center),
  };
  const after = Object.fromEntries(Object.entries(found).map(([name, t]) => [name, left(t)]));
  const report = { volume: path, samples: SAMPLES, before: left(still), after };
  process.stdout.write(`${JSON.stringify(report)}\n`);
  if (folder !== undefined) await show(levels.at(-1), { before: still, ...found });
} finally {
  await host.close();
}

/** The head at one spacing, what another scanner makes of it once it has moved, and points inside it. */
async function pairAt(scan, { spacing }, known) {
  const size = [spacing, spacing, spacing];
  const { image: fixed } = await resampleImage(host, scan, { spacing: size, pixelType: 'float32' });
  const map = toIndexMap(known, fixed.grid, fixed.grid);
  const { image } = await resampleImage(host, fixed, { map });
  const [least, most] = rangeOf(fixed.data);
  const noise = (i) => ((Math.sin(12.9898 * i) * 43758.5453) % 1) * 0.02;
  const inverted = image.data.map((v, i) => {
    const share = Math.min(1, Math.max(0, (v - least) / (most - least)));
    return least + (most - least) * ((1 - share) ** 2 + noise(i));
  });
  return { fixed, moving: createImage(image.grid, inverted), points: pointsInside(fixed) };
}

/** Evenly among the voxels that are not air. */
function pointsInside({ grid: { size }, data }) {
  const [least, most] = rangeOf(data);
  const inside = [...data.keys()].filter((i) => data[i] > least + 0.15 * (most - least));
  return Float64Array.from({ length: 3 * SAMPLES }, (_, k) => {
    const at = inside[Math.floor((Math.floor(k / 3) * inside.length) / SAMPLES)];
    return [at % size[0], Math.floor(at / size[0]) % size[1], Math.floor(at / size[0] / size[1])][
      k % 3
    ];
  });
}

/** Level by level down the slope, in steps of a length that shrinks each time the value rises. */
async function register(name, options, levels, center) {
  const scales = [80, 80, 80, 1, 1, 1]; // millimetres at the rim of a head, per radian and per millimetre
  let parameters = [0, 0, 0, 0, 0, 0];
  const at = (p) => rigid({ rotation: p.slice(0, 3), translation: p.slice(3), center });
  for (const { fixed, moving, points, runs, step } of levels) {
    const demand = { samples: 'points', perRun: SAMPLES, runs };
    const metric = await host.metric({ name, options, fixed, moving, demand });
    let length = step;
    let last = Number.POSITIVE_INFINITY;
    for (let k = 0; k < runs && length > 0.02; k++) {
      const { value, derivative } = await metric.run(at(parameters), { points });
      if (value > last) length *= 0.7;
      last = value;
      const slope = scales.map((scale, p) => derivative[p] / scale);
      const norm = Math.hypot(...slope);
      parameters = parameters.map((p, i) => p - (length * slope[i]) / norm / scales[i]);
    }
    await metric[Symbol.asyncDispose]();
  }
  return at(parameters);
}

/** Where points end up that go there by what was found and back by the truth. */
function meanError(transform, known, places) {
  const errors = places.map((point) => {
    const back = transformPoint(known, transformPoint(transform, point));
    return Math.hypot(...back.map((v, a) => v - point[a]));
  });
  return errors.reduce((sum, mm) => sum + mm, 0) / errors.length;
}

/** The head, then the other contrast where it lies and where each metric puts it. */
async function show({ fixed, moving }, transforms) {
  const files = [join(folder, 'head.nii.gz')];
  await writeImage(fixed, files[0]);
  for (const [name, transform] of Object.entries(transforms)) {
    const map = toIndexMap(transform, fixed.grid, moving.grid);
    const { image } = await resampleImage(host, moving, { map, size: fixed.grid.size });
    files.push(join(folder, `${name}.nii.gz`));
    await writeImage(image, files.at(-1));
  }
  const picture = join(folder, 'heads.png');
  process.stderr.write(`voxhost picture ${files.join(' ')} ${picture} --edge 130\n`);
}

function middleOf({ grid }) {
  return transformed(
    grid,
    grid.size.map((n) => (n - 1) / 2),
  );
}

function physicalPoints({ grid }, points) {
  return Array.from({ length: SAMPLES }, (_, n) =>
    transformed(grid, points.subarray(3 * n, 3 * n + 3)),
  );
}

function transformed(grid, index) {
  const m = indexToPhysical(grid);
  return [0, 1, 2].map(
    (r) => m[4 * r + 3] + index.reduce((sum, x, a) => sum + m[4 * r + a] * x, 0),
  );
}

function rangeOf(data) {
  return data.reduce(
    ([least, most], v) => [Math.min(least, v), Math.max(most, v)],
    [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY],
  );
}
