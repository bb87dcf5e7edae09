import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { createImage, type Image, type Json } from '@voxhost/sdk';
import { createHost, type Host } from 'voxhost';
import { rigid } from 'voxhost/geometry';
import { noisyWaves } from './volume.js';

/** One line of output. */
interface Line {
  readonly name: string;
  readonly backend: string;
  readonly samples: number;
  readonly threads: number;
  /** Median. */
  readonly ms: number;
  readonly minMs: number;
  readonly runs: number;
}

const { values } = parseArgs({
  options: {
    threads: { type: 'string', default: '2' },
    runs: { type: 'string', default: '12' },
    python: { type: 'string', default: '/usr/bin/python3' },
  },
});
const threads = Number(values.threads);
const runs = Number(values.runs);

const EDGE = 64;
const JACOBIAN_SAMPLES = 1000;
const STATIC_SAMPLES = 20_000;
const MANY_SAMPLES = 100_000;
/** Instead of a number of points: every voxel of the fixed image. */
const EVERY_VOXEL = EDGE ** 3;
const MIND_CHANNELS = 12;
/** Weights that are not part of this repository; another network of the same shape would take the same time. */
const M730 = fileURLToPath(
  new URL('../../../../shared/golden/impact/m730_l1.onnx', import.meta.url),
);

const MOTION = rigid({ rotation: [0.02, -0.01, 0.03], translation: [0.5, 0.2, -0.3] });

const fixed = noisyWaves(EDGE);
const moving = shifted(fixed);
await using host = await createHost({ threads });
const jacobian = { distance: 'L2', patchSize: [5, 5, 5] };
if (existsSync(M730)) {
  const options = { ...jacobian, model: M730 };
  print(await time(host, { name: 'impact', label: 'impact-jacobian-m730', options }));
  for (const line of torchLines()) process.stdout.write(`${line}\n`);
}
const mind = { ...jacobian, model: 'mind-r1d1' };
print(await time(host, { name: 'impact', label: 'impact-jacobian-mind', options: mind }));
const maps = { model: 'mind', mode: 'static' };
for (const samples of [STATIC_SAMPLES, MANY_SAMPLES, EVERY_VOXEL]) {
  const suffix = samples === EVERY_VOXEL ? 'grid' : samples;
  const theirs = await time(host, {
    samples,
    name: 'mean-squares',
    label: `mean-squares-12-channels-${suffix}`,
    images: [manyChannels(fixed), manyChannels(moving)],
  });
  print(theirs);
  for (const distance of ['L2', 'L1', 'DotProduct', 'Cosine', 'NCC']) {
    const ours = await time(host, {
      samples,
      name: 'impact',
      label: `impact-static-mind-${distance}-${suffix}`,
      options: { ...maps, distance },
    });
    print({ ...ours, ratio: ours.minMs / theirs.minMs });
  }
}

interface Work {
  readonly name: string;
  readonly label: string;
  readonly options?: Json;
  readonly samples?: number;
  readonly images?: readonly [Image, Image];
}

/** Value and derivative of a prepared metric, at other points in every run. */
async function time(
  on: Host,
  { name, label, options = {}, samples = JACOBIAN_SAMPLES, images = [fixed, moving] }: Work,
): Promise<Line> {
  const isGrid = samples === EVERY_VOXEL;
  await using prepared = await on.metric({
    name,
    options,
    fixed: images[0],
    moving: images[1],
    fixedInterpolator: 'bspline3',
    movingInterpolator: 'bspline3',
    demand: { samples: isGrid ? 'grid' : 'points', perRun: samples, runs: 200 },
  });
  const times: number[] = [];
  for (let run = 0; run <= runs; run++) {
    const where = isGrid ? {} : { points: pointsOf(samples, run) };
    const start = performance.now();
    await prepared.run(MOTION, where);
    if (run > 0) times.push(performance.now() - start);
  }
  times.sort((a, b) => a - b);
  return {
    name: label,
    backend: prepared.backend,
    samples,
    threads,
    ms: times[Math.floor(times.length / 2)],
    minMs: times[0],
    runs,
  };
}

function print(line: Line & { readonly ratio?: number }): void {
  const rounded = Object.entries(line).map(([key, value]) => [
    key,
    typeof value === 'number' ? Math.round(value * 100) / 100 : value,
  ]);
  process.stdout.write(`${JSON.stringify(Object.fromEntries(rounded))}\n`);
}

/** The networks' share of a Jacobian run in PyTorch, if there is one. */
function torchLines(): readonly string[] {
  const script = fileURLToPath(new URL('../../../test/bench/impact-torch.py', import.meta.url));
  const { stdout } = spawnSync(values.python, [script, `${threads}`, `${runs}`], {
    encoding: 'utf8',
  });
  return (stdout ?? '').split('\n').filter((line) => line !== '');
}

/** Well inside, off the grid, others for each run. */
function pointsOf(samples: number, run: number): Float64Array {
  return Float64Array.from({ length: 3 * samples }, (_, i) => {
    const share = (i * 0.6180339887 + 0.21 * Math.floor(i / 3) + 0.37 * run) % 1;
    return 5 + share * (EDGE - 11);
  });
}

function shifted(image: Image): Image {
  const { data } = image;
  return createImage(
    image.grid,
    Float32Array.from(data, (_, i) => data[(i + 1) % data.length]),
  );
}

function manyChannels({ grid, data }: Image): Image {
  const all = new Float32Array(data.length * MIND_CHANNELS);
  for (let c = 0; c < MIND_CHANNELS; c++) {
    for (let i = 0; i < data.length; i++)
      all[c * data.length + i] = data[(i + 37 * c) % data.length];
  }
  return createImage(grid, all, MIND_CHANNELS);
}
