import type { Compared } from './compare.js';

/** At most so many times what a peer takes. */
export interface Goal {
  readonly name: string;
  readonly n: number;
  readonly peer: string;
  readonly most: number;
}

/** Of one thread, float32. Plain C is `native`, compiled for the machine. */
const GOALS: readonly Goal[] = [
  { name: 'affine-linear', n: 128, peer: 'native', most: 1.15 },
  { name: 'affine-linear', n: 256, peer: 'native', most: 0.65 },
  { name: 'affine-nearest', n: 128, peer: 'itk', most: 1 / 3 },
  { name: 'affine-bspline3', n: 128, peer: 'itk', most: 1 / 8 },
  { name: 'scale-linear', n: 128, peer: 'torch', most: 1 / 1.5 },
  { name: 'flip-xz', n: 128, peer: 'torch', most: 1 },
  { name: 'permute-zxy', n: 128, peer: 'torch', most: 1 },
  { name: 'field-linear', n: 128, peer: 'itk', most: 1 / 8 },
  { name: 'ffd-linear', n: 128, peer: 'itk', most: 1 / 30 },
  { name: 'metric-mean-squares', n: 128, peer: 'itk', most: 1 / 25 },
  { name: 'metric-normalized-correlation', n: 128, peer: 'itk', most: 1 / 25 },
  { name: 'metric-mattes-mutual-information', n: 128, peer: 'itk', most: 1 / 12 },
  { name: 'metric-local-normalized-correlation', n: 128, peer: 'itk', most: 1 / 40 },
];

const PEERS = ['itk', 'torch', 'scipy', 'native'];

/** One row per workload, size and number of threads: nanoseconds per voxel, and how ours stand to the goal. */
export function tableOf(lines: readonly Compared[]): string {
  const ours = lines.filter(({ program }) => program === 'voxhost');
  const rows = ours.map((line) => {
    const peers = PEERS.map((peer) => nsOf(find(lines, line, peer)));
    const error = line.maxError?.toExponential(1) ?? '-';
    const task = [line.name, String(line.n), String(line.threads)];
    return [...task, nsOf(line), ...peers, standing(lines, line), error];
  });
  const head = ['workload', 'n', 'threads', 'voxhost', ...PEERS, 'goal', 'max error'];
  return [head, head.map(() => '---'), ...rows].map((row) => `| ${row.join(' | ')} |\n`).join('');
}

const find = (lines: readonly Compared[], { name, n, threads }: Compared, program: string) =>
  lines.find((l) => l.program === program && l.name === name && l.n === n && l.threads === threads);

const nsOf = (line: Compared | undefined): string => line?.nsPerVoxel.toFixed(2) ?? '-';

function standing(lines: readonly Compared[], line: Compared): string {
  if (line.threads !== 1) return '-';
  const goal = GOALS.find(({ name, n }) => name === line.name && n === line.n);
  const peer = goal && find(lines, line, goal.peer);
  if (goal === undefined || peer === undefined) return '-';
  const ratio = line.ms / peer.ms;
  const met = ratio <= goal.most ? 'met' : '**missed**';
  return `${met}: ${ratio.toPrecision(2)} x ${goal.peer}, at most ${goal.most.toPrecision(2)}`;
}

/** How much faster two threads are than one. */
export function speedUps(lines: readonly Compared[]): string {
  const ours = lines.filter(({ program }) => program === 'voxhost');
  const rows = ours.flatMap((line) => {
    const two = ours.find((l) => l.name === line.name && l.n === line.n && l.threads === 2);
    if (line.threads !== 1 || two === undefined) return [];
    return [`| ${line.name} | ${line.n} | ${(line.ms / two.ms).toFixed(2)} |\n`];
  });
  return ['| workload | n | one thread / two |\n', '| --- | --- | --- |\n', ...rows].join('');
}
