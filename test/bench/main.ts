import { parseArgs } from 'node:util';
import { measure } from './measure.js';
import { noisyWaves } from './volume.js';
import { WORKLOADS } from './workloads.js';

const { values } = parseArgs({
  options: {
    json: { type: 'boolean', default: false },
    threads: { type: 'string', default: '1' },
    n: { type: 'string', default: '128' },
    name: { type: 'string', default: '' },
  },
});
const settings = { n: Number(values.n), threads: Number(values.threads) };

const wanted = WORKLOADS.filter(({ name }) => name.includes(values.name));
const source = noisyWaves(settings.n);
for (const workload of wanted) {
  const found = await measure(workload, source, settings);
  if (values.json) console.log(JSON.stringify(found));
  else {
    const { name, backend, ms, nsPerVoxel, maxError } = found;
    console.log(
      `${name.padEnd(20)} ${backend.padEnd(6)} ${ms.toFixed(2).padStart(9)} ms ${nsPerVoxel.toFixed(2).padStart(8)} ns/voxel   error ${maxError.toExponential(1)}`,
    );
  }
}
