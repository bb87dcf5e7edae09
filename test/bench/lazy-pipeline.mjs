// The six-step pipeline of results/lazy.md: `node test/bench/lazy-pipeline.mjs VOLUME lazy|eager|load [--threads N] [--runs N]`.
// Prints one JSON object: median time, peak memory of the process, and the matrices for the torch peer.
import { parseArgs } from 'node:util';
import { voxelCount } from '@voxhost/sdk';
import { createHost } from 'voxhost';
import { readImage } from 'voxhost/io';
import { compose, parsePipeline } from 'voxhost/lazy';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { threads: { type: 'string', default: '1' }, runs: { type: 'string', default: '5' } },
});
const [path, way] = positionals;
const sampling = { mode: 'bilinear', padding_mode: 'zeros' };
const list = [
  { _target_: 'Spacing', pixdim: [1.2, 1.2, 1.2], ...sampling },
  { _target_: 'Orientation', axcodes: 'RAS' },
  { _target_: 'Rotate', angle: [0.1, 0.05, 0.2], ...sampling },
  { _target_: 'Affine', scale_params: [1.1, 0.95, 1], shear_params: [0.05], ...sampling },
  { _target_: 'Zoom', zoom: 1.15, keep_size: false, mode: 'trilinear' },
  { _target_: 'CenterSpatialCrop', roi_size: [96, 96, 96] },
];
const overrides = { padding_mode: 'zeros' };
const pipeline = compose(parsePipeline(list).transforms, { lazy: way === 'lazy', overrides });

const host = await createHost({ backends: ['cpu'], threads: Number(values.threads) });
const source = await readImage(path);
const times = [];
let result;
// `load` is what the others hold before they begin.
for (let run = 0; way !== 'load' && run <= Number(values.runs); run++) {
  const start = performance.now();
  result = await pipeline.run(host, source, { pixelType: 'float32' });
  if (run > 0) times.push(performance.now() - start);
}
await host.close();
times.sort((a, b) => a - b);
const steps = (result?.steps ?? []).map((step) => ({
  matrix: step.map?.matrix && [...step.map.matrix],
  size: step.output.size,
}));
console.log(
  JSON.stringify({
    way,
    threads: Number(values.threads),
    ms: times[Math.floor(times.length / 2)],
    peakMB: process.resourceUsage().maxRSS / 1024,
    sourceMB: (voxelCount(source.grid.size) * source.data.BYTES_PER_ELEMENT) / 1e6,
    steps,
  }),
);
