import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** What is measured or checked by a process of its own: a device that one loses, or that hangs, is there for the next. */
export interface Step {
  readonly name: string;
  /** Seconds after which it is given up. */
  readonly limitS: number;
}

/**
 * In the order of what is wanted most, so that a lease of the machine that ends early has it: together below the ten
 * minutes of one.
 */
export const STEPS: readonly Step[] = [
  { name: 'device', limitS: 60 },
  { name: 'benchmark', limitS: 90 },
  { name: 'torch', limitS: 60 },
  { name: 'metrics', limitS: 90 },
  { name: 'conformance', limitS: 120 },
  { name: 'golden', limitS: 120 },
];

/** A step that gave no result. */
export interface NoResult {
  readonly error: string;
}

/** Runs this program again for one step; its messages go on to stderr. */
export function runStep({ name, limitS }: Step, args: readonly string[]): unknown {
  const folder = mkdtempSync(join(tmpdir(), 'gpu-check-'));
  const out = join(folder, 'step.json');
  const [program = ''] = process.argv.slice(1);
  const own = ['--step', name, '--out', out];
  const { status, signal, error } = spawnSync(process.execPath, [program, ...args, ...own], {
    stdio: ['ignore', 'ignore', 'inherit'],
    timeout: 1000 * limitS,
    killSignal: 'SIGKILL',
  });
  const result = readResult(out);
  rmSync(folder, { recursive: true, force: true });
  if (result !== undefined) return result;
  if (signal === 'SIGKILL') return { error: `gave no result within ${limitS} s` };
  return { error: error?.message ?? `ended with ${signal ?? status} and gave no result` };
}

function readResult(path: string): unknown {
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch {
    return undefined;
  }
}

export const isNoResult = (result: unknown): result is NoResult =>
  typeof result === 'object' && result !== null && 'error' in result;
