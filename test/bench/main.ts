import { parseArgs } from 'node:util';
import { type Measurement, measure } from './measure.js';
import { METRIC_WORKLOADS, measureMetric } from './measure-metric.js';
import { noisyWaves } from './volume.js';
import { EDGE_WORKLOADS, WORKLOADS } from './workloads.js';

const { values } = parseArgs({
  options: {
    json: { type: 'boolean', default: false },
    threads: { type: 'string', default: '1' },
    n: { type: 'string', default: '128' },
    name: { type: 'string', default: '' },
  },
});

const n = Number(values.n);
const source = noisyWaves(n);
const all = [...WORKLOADS, ...EDGE_WORKLOADS];
for (const workload of all.filter(({ name }) => name.includes(values.name))) {
  report(await measure(workload, source, { n, threads: Number(values.threads) }));
}
for (const workload of METRIC_WORKLOADS.filter(({ name }) => name.includes(values.name))) {
  report(await measureMetric(workload, { n, threads: Number(values.threads) }));
}

function report(found: Measurement): void {
  console.log(values.json ? JSON.stringify(found) : inWords(found));
}

function inWords({ name, backend, n, ms, nsPerVoxel, maxError }: Measurement): string {
  const columns = [name.padEnd(36), backend.padEnd(6), `${n}`.padStart(4)];
  const figures = [
    `${ms.toFixed(2)} ms`.padStart(12),
    `${nsPerVoxel.toFixed(2)} ns/voxel`.padStart(16),
  ];
  return [...columns, ...figures, `error ${maxError.toExponential(1)}`].join(' ');
}
