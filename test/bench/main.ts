import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { type Measurement, measure } from './measure.js';
import { plotGrowth } from './plot.js';
import { noisyWaves } from './volume.js';
import { WORKLOADS } from './workloads.js';

const { values } = parseArgs({
  options: {
    json: { type: 'boolean', default: false },
    threads: { type: 'string', default: '1' },
    n: { type: 'string', default: '128' },
    name: { type: 'string', default: '' },
    /** Several edge lengths, and an SVG of what was found. */
    growth: { type: 'string' },
  },
});

const EDGES = [32, 48, 64, 96, 128, 192, 256, 384, 512];
const edges = values.growth === undefined ? [Number(values.n)] : EDGES;
const wanted = WORKLOADS.filter(({ name }) => name.includes(values.name));
const found: Measurement[] = [];
for (const n of edges) {
  const source = noisyWaves(n);
  for (const workload of wanted) {
    const one = await measure(workload, source, { n, threads: Number(values.threads) });
    found.push(one);
    console.log(values.json ? JSON.stringify(one) : inWords(one));
  }
}
if (values.growth !== undefined) writeFileSync(values.growth, plotGrowth(found));

function inWords({ name, backend, n, ms, nsPerVoxel, maxError }: Measurement): string {
  const columns = [name.padEnd(20), backend.padEnd(6), `${n}`.padStart(4)];
  const figures = [
    `${ms.toFixed(2)} ms`.padStart(12),
    `${nsPerVoxel.toFixed(2)} ns/voxel`.padStart(16),
  ];
  return [...columns, ...figures, `error ${maxError.toExponential(1)}`].join(' ');
}
