import { execFileSync, spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { cpus, loadavg } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { type Compared, compare } from './compare.js';
import { speedUps, tableOf } from './goals.js';
import { METRIC_WORKLOADS } from './measure-metric.js';
import { type Contestant, peersIn, type Task, voxhost } from './peers.js';
import { plotGrowth } from './plot.js';
import { WORKLOADS } from './workloads.js';

const { values } = parseArgs({
  options: {
    /** Folder of the peers, built. Without it only this build is timed. */
    peers: { type: 'string' },
    python: { type: 'string', default: '/usr/bin/python3' },
    rounds: { type: 'string', default: '3' },
    /** Where results are written. */
    results: { type: 'string', default: 'test/bench/results' },
    /** Parts of the whole: compare, metric, growth, abort, memory. */
    only: { type: 'string', default: 'compare,metric,growth,abort,memory' },
  },
});

const beside = (file: string): string => fileURLToPath(new URL(file, import.meta.url));
const ours = voxhost(beside('main.js'));
const others = values.peers === undefined ? [] : peersIn(values.peers, values.python);
const isWanted = (part: string): boolean => values.only.split(',').includes(part);
const EDGES = [32, 48, 64, 96, 128, 192, 256, 384, 512];

const circumstances = {
  commit: execFileSync('git', ['rev-parse', '--short', 'HEAD'], { encoding: 'utf8' }).trim(),
  node: process.versions.node,
  machine: `${cpus().length} x ${cpus()[0]?.model.trim()}`,
};

/** One JSON object per line; what was measured before under the same name is replaced. */
function write(file: string, lines: readonly object[]): void {
  const texts = lines.map((line) => `${JSON.stringify({ ...line, ...circumstances })}\n`);
  writeFileSync(join(values.results, file), texts.join(''));
}

/** Compares, and tells what was found on the way. */
function compareAloud(contestants: readonly Contestant[], task: Task): readonly Compared[] {
  const lines = compare(contestants, task, Number(values.rounds));
  for (const { program, ms, nsPerVoxel } of lines) {
    console.log(task.name, task.n, task.threads, program, `${ms} ms`, `${nsPerVoxel} ns`);
  }
  return lines;
}

/** Every metric against ITK and PyTorch; then two threads. */
function metricComparisons(): readonly Compared[] {
  return METRIC_WORKLOADS.flatMap(({ name }) => [
    ...compareAloud([ours, ...others.slice(0, -1)], { name, n: 128, threads: 1 }),
    ...compareAloud([ours], { name, n: 128, threads: 2 }),
  ]);
}

/** Every workload against all peers, and on two threads; then what misses the cache. */
function comparisons(): readonly Compared[] {
  const all: Compared[] = [];
  const add = (contestants: readonly Contestant[], task: Task): void => {
    all.push(...compareAloud(contestants, task));
  };
  const names = WORKLOADS.map(({ name }) => name);
  for (const name of names) add([ours, ...others], { name, n: 128, threads: 1 });
  for (const name of names) add([ours], { name, n: 128, threads: 2 });
  for (const threads of [1, 2]) {
    for (const name of ['affine-linear', 'scale-linear'])
      add(threads === 1 ? [ours, ...others] : [ours], { name, n: 256, threads });
  }
  return all;
}

/** One workload at growing sizes, with plain C where there is one. */
function growth(): readonly Compared[] {
  const native = others.slice(-1);
  return EDGES.flatMap((n) => [
    ...compare([ours, ...native], { name: 'affine-linear', n, threads: 1 }, 1),
    ...compare([ours], { name: 'affine-linear', n, threads: 2 }, 1),
  ]);
}

function linesOf(script: string, args: readonly string[] = []): readonly object[] {
  const { stdout, status } = spawnSync(process.execPath, [beside(script), ...args], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  if (status !== 0) throw new Error(`${script} exited with ${status}`);
  return stdout
    .split('\n')
    .filter((text) => text !== '')
    .map((text) => JSON.parse(text) as object);
}

const FIGURES = /(<!-- figures -->\n)[\s\S]*(<!-- end of figures -->)/;

/** Puts the tables into the text that explains them. */
function writeTables(file: string, lines: readonly Compared[]): void {
  const path = join(values.results, file);
  const load = loadavg()[0].toFixed(1);
  const { machine, node, commit } = circumstances;
  const tables = [
    `${machine}, Node.js ${node}, commit ${commit}, load average ${load} at the end, ${values.rounds} rounds.\n\n`,
    tableOf(lines),
    '\n',
    speedUps(lines),
  ].join('');
  const text = readFileSync(path, 'utf8');
  writeFileSync(
    path,
    text.replace(FIGURES, (_, head, tail) => `${head}\n${tables}\n${tail}`),
  );
}

if (isWanted('compare')) {
  const lines = comparisons();
  write('resample.jsonl', lines);
  writeTables('resample.md', lines);
}
if (isWanted('metric')) {
  const lines = metricComparisons();
  write('metric.jsonl', lines);
  writeTables('metric.md', lines);
}
if (isWanted('growth')) {
  const lines = growth();
  write('resample-growth.jsonl', lines);
  writeFileSync(join(values.results, 'resample-growth.svg'), plotGrowth(lines));
}
if (isWanted('abort')) write('abort.jsonl', linesOf('abort.js'));
if (isWanted('memory')) {
  // Each in a process of its own: the peak is a process's.
  const large = ['1024,1024,1000', 'int16'];
  const cube = ['512,512,512', 'float32'];
  const volumes = [
    [...large, '0,0,1', '10'],
    [...large, '1,0,0', '90'],
    [...large, '1,0,0', '89'],
    [...large, '1,1,1', '35'],
    [...large, '0,0,1', '10', 'bspline3'],
    [...cube, '0.3,0.5,0.8', '10'],
    [...cube, '1,1,1', '35'],
    [...cube, '0.3,0.5,0.8', '10', 'bspline3'],
  ];
  write(
    'peak-memory.jsonl',
    volumes.flatMap((volume) => linesOf('peak-memory.js', volume)),
  );
}
