// How long `voxhost --version` and `voxhost plugins list` take, as multiples of `node -e 0`; measured in turn.
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { fileURLToPath } from 'node:url';

const ROUNDS = Number(process.argv[2] ?? 41);
const launcher = fileURLToPath(new URL('../../host/bin/voxhost.js', import.meta.url));
const programs = {
  'node -e 0': ['-e', '0'],
  'voxhost --version': [launcher, '--version'],
  'voxhost plugins list': [launcher, 'plugins', 'list'],
  'voxhost resample --help': [launcher, 'resample', '--help'],
};

function timeOf(argv) {
  const started = process.hrtime.bigint();
  const { status } = spawnSync(process.execPath, argv, { stdio: 'ignore' });
  if (status !== 0) throw new Error(`${argv.join(' ')} ended with ${status}`);
  return Number(process.hrtime.bigint() - started) / 1e6;
}

const quantile = (sorted, q) => sorted[Math.round(q * (sorted.length - 1))];

const times = Object.fromEntries(Object.keys(programs).map((name) => [name, []]));
for (let round = -2; round < ROUNDS; round++) {
  for (const [name, argv] of Object.entries(programs)) {
    const ms = timeOf(argv);
    if (round >= 0) times[name].push(ms); // the first two warm the disk's cache
  }
}

const sorted = Object.entries(times).map(([name, list]) => [name, list.sort((a, b) => a - b)]);
const base = quantile(sorted[0][1], 0.5);
const rows = sorted.map(([name, list]) => {
  const [low, middle, high] = [0.25, 0.5, 0.75].map((q) => quantile(list, q));
  const cells = [low, middle, high].map((ms) => ms.toFixed(1));
  return `| \`${name}\` | ${cells[1]} | ${cells[0]} to ${cells[2]} | ${(middle / base).toFixed(2)} |`;
});
const commit = execFileSync('git', ['rev-parse', '--short', 'HEAD'], { encoding: 'utf8' }).trim();
const report = [
  '# Start-up',
  '',
  `Median of ${ROUNDS} runs in turn, milliseconds; Node.js ${process.version}, ${process.platform} ${process.arch},`,
  `${cpus().length} x ${cpus()[0].model}; commit ${commit}. Made by \`node test/bench/start-up.mjs\`.`,
  '',
  '| program | median | quartiles | x `node -e 0` |',
  '| --- | --- | --- | --- |',
  ...rows,
  '',
].join('\n');
mkdirSync(new URL('results/', import.meta.url), { recursive: true });
writeFileSync(new URL('results/start-up.md', import.meta.url), report);
process.stdout.write(report);
