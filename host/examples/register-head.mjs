// Recovers known motions of a head by plain descent over one prepared metric each: 7 mm and 8 degrees between two
// oblique grids with mean squares, the same with mutual information once the contrast is inverted, and a physical
// free-form deformation with mean squares.
// `node host/examples/register-head.mjs HEAD.nii.gz [FOLDER]`; prints one JSON object, mean errors inside the head in
// mm. Into FOLDER, if there is one, go the volumes to look at, and the command that makes a picture of them.
import { join } from 'node:path';
import { createGrid, createImage, indexToPhysical } from '@voxhost/sdk';
import { createHost } from 'voxhost';
import { bspline, rigid, toIndexMap, transformPoint } from 'voxhost/geometry';
import { readImage, writeImage } from 'voxhost/io';
import { resampleImage } from 'voxhost/lazy';

const SPACING = 2.5;
/** Between two control points. */
const CONTROL_SPACING = 40;
/** Where errors are looked at, evenly among the voxels of the head. */
const PLACES = 2000;
/** Millimetres at the rim of a head per radian: angles and lengths weigh alike. */
const RIM = 80;

const [path, folder] = process.argv.slice(2);
const host = await createHost({ threads: 2 });
try {
  const head = await smoothed(await readImage(path));
  const report = { volume: path, ...(await rigidly(head)), freeForm: await freely(head) };
  process.stdout.write(`${JSON.stringify(report)}\n`);
} finally {
  await host.close();
}

/** Without what a grid of 2.5 mm cannot hold: the quintic B-spline of the voxels smooths them. */
async function smoothed(scan) {
  const spacing = [SPACING, SPACING, SPACING];
  const { image } = await resampleImage(host, scan, { spacing, pixelType: 'float32' });
  const smooth = await resampleImage(host, image, { spacing, interpolator: 'bspline5-raw' });
  return smooth.image;
}

/** The head as another grid sees it, where a transform takes the points of that grid. */
async function seen(head, grid, transform) {
  const map = toIndexMap(transform, grid, head.grid);
  const { image } = await resampleImage(host, head, {
    map,
    size: grid.size,
    interpolator: 'bspline3',
  });
  return createImage(grid, image.data);
}

async function rigidly(head) {
  const center = middleOf(head.grid);
  const known = rigid({ rotation: radians([5, -4, 4.8]), translation: [4, -4.5, 3.6], center });
  const still = rigid({ rotation: [0, 0, 0], center });
  const fixed = await seen(head, turned(head.grid, [10, 0, -15]), known);
  const moving = await seen(head, turned(head.grid, [0, 12, 20]), still);
  const places = placesInside(fixed);
  const left = (transform) => distance(transform, known, places);
  const inverted = createImage(
    moving.grid,
    moving.data.map((value) => 200 - value),
  );
  const squares = await descend({ name: 'mean-squares', fixed, moving }, center);
  const mutual = { name: 'mattes-mutual-information', options: { bins: 32 }, fixed };
  const information = await descend({ ...mutual, moving: inverted }, center);
  if (folder !== undefined) await show('rigid', fixed, moving, { before: still, after: squares });
  return {
    before: left(still),
    meanSquares: left(squares),
    mutualInformationOfInvertedContrast: left(information),
  };
}

/** Down the slope in steps of one length, which halves whenever the slope turns back. */
async function descend(request, center) {
  const metric = await host.metric({ ...request, demand: { runs: 150 } });
  const scales = [RIM, RIM, RIM, 1, 1, 1];
  const at = (p) => rigid({ rotation: p.slice(0, 3), translation: p.slice(3), center });
  let parameters = [0, 0, 0, 0, 0, 0];
  let before = scales.map(() => 0);
  for (let length = 1; length > 1e-3; ) {
    const { derivative } = await metric.run(at(parameters));
    const slope = scales.map((scale, p) => derivative[p] / scale);
    const norm = Math.hypot(...slope);
    if (slope.reduce((sum, s, p) => sum + s * before[p], 0) < 0) length /= 2;
    parameters = parameters.map((p, i) => p - (length * slope[i]) / norm / scales[i]);
    before = slope;
  }
  await metric[Symbol.asyncDispose]();
  return at(parameters);
}

async function freely(head) {
  const grid = controlGrid(head.grid);
  const wave = (k) => 10 * Math.sin(1.7 * k + 0.3) * Math.cos(0.9 * k * k);
  const known = bspline(
    grid,
    Float64Array.from({ length: 3 * voxels(grid) }, (_, k) => wave(k)),
  );
  const fixed = await seen(head, head.grid, known);
  const places = placesInside(fixed);
  const found = await descendFreely({ name: 'mean-squares', fixed, moving: head }, grid);
  const still = bspline(grid);
  if (folder !== undefined) await show('free-form', fixed, head, { before: still, after: found });
  return { before: distance(still, known, places), after: distance(found, known, places) };
}

/** Each control point down its own slope, in steps by how steep it has been there (Kingma and Ba, 2015). */
async function descendFreely(request, grid) {
  const runs = 200;
  const metric = await host.metric({ ...request, demand: { maps: ['field-3'], runs } });
  const parameters = new Float64Array(3 * voxels(grid));
  const mean = new Float64Array(parameters.length);
  const square = new Float64Array(parameters.length);
  for (let k = 1; k <= runs; k++) {
    const { derivative } = await metric.run(bspline(grid, parameters.slice()));
    const length = 1.2 * (1 - k / (runs + 1));
    for (let p = 0; p < parameters.length; p++) {
      mean[p] = 0.8 * mean[p] + 0.2 * derivative[p];
      square[p] = 0.98 * square[p] + 0.02 * derivative[p] ** 2;
      const size = Math.sqrt(square[p] / (1 - 0.98 ** k));
      if (size > 0) parameters[p] -= (length * mean[p]) / (1 - 0.8 ** k) / size;
    }
  }
  await metric[Symbol.asyncDispose]();
  return bspline(grid, parameters);
}

/** Control points around a volume, one more on either side than it needs. */
function controlGrid(around) {
  const m = indexToPhysical(around);
  const size = around.size.map((n) => Math.ceil(((n - 1) * SPACING) / CONTROL_SPACING) + 4);
  const origin = [0, 1, 2].map(
    (r) => m[4 * r + 3] - 1.5 * CONTROL_SPACING * Math.sign(m[4 * r + r]),
  );
  const { direction } = around;
  return createGrid({ size, spacing: Array(3).fill(CONTROL_SPACING), origin, direction });
}

/** The same volume about the same middle, its axes turned by degrees about x, y and z. */
function turned(grid, degrees) {
  const turn = rigid({ rotation: radians(degrees), center: middleOf(grid) });
  const [o, ...ends] = [
    [0, 0, 0],
    [1, 0, 0],
    [0, 1, 0],
    [0, 0, 1],
  ].map((index) => transformPoint(turn, physical(grid, index)));
  const columns = ends.map((end, a) => end.map((v, r) => (v - o[r]) / grid.spacing[a]));
  const direction = [0, 1, 2].flatMap((r) => columns.map((column) => column[r]));
  return createGrid({ size: grid.size, spacing: grid.spacing, origin: [...o], direction });
}

/** Physical points of voxels of the head, evenly among those that are not air. */
function placesInside({ grid, data }) {
  const most = data.reduce((a, b) => Math.max(a, b));
  const inside = [...data.keys()].filter((i) => data[i] > 0.25 * most);
  const [nx, ny] = grid.size;
  return Array.from({ length: PLACES }, (_, n) => {
    const i = inside[Math.floor((n * inside.length) / PLACES)];
    return physical(grid, [i % nx, Math.floor(i / nx) % ny, Math.floor(i / (nx * ny))]);
  });
}

/** Mean distance between where two transforms take points. */
function distance(one, other, places) {
  const each = places.map((point) => {
    const there = transformPoint(other, point);
    return Math.hypot(...transformPoint(one, point).map((v, a) => v - there[a]));
  });
  return each.reduce((sum, mm) => sum + mm, 0) / each.length;
}

/** The fixed volume, the moving as it was and as it is after, and what is left of their difference. */
async function show(name, fixed, moving, transforms) {
  const files = [];
  const write = async (what, image) => {
    files.push(join(folder, `${name}-${what}.nii.gz`));
    await writeImage(image, files.at(-1));
  };
  await write('fixed', fixed);
  for (const [what, transform] of Object.entries(transforms)) {
    const image = await seen(moving, fixed.grid, transform);
    await write(what, image);
    const left = image.data.map((value, i) => Math.abs(value - fixed.data[i]));
    await write(`${what}-difference`, createImage(fixed.grid, left));
  }
  const picture = join(folder, `${name}.png`);
  process.stderr.write(`voxhost picture ${files.join(' ')} ${picture} --edge 130\n`);
}

function radians(degrees) {
  return degrees.map((angle) => (angle * Math.PI) / 180);
}

function voxels({ size }) {
  return size.reduce((product, n) => product * n, 1);
}

function physical(grid, index) {
  const m = indexToPhysical(grid);
  return [0, 1, 2].map(
    (r) => m[4 * r + 3] + index.reduce((sum, x, a) => sum + m[4 * r + a] * x, 0),
  );
}

function middleOf(grid) {
  return physical(
    grid,
    grid.size.map((n) => (n - 1) / 2),
  );
}
