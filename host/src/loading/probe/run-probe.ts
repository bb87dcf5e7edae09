import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import type { Readable } from 'node:stream';
import { killTree } from '../process/kill-tree.js';
import type { LaunchPlan } from '../process/launch-plan.js';
import { judgeProbe, type ProbeFacts, type ProbeVerdict } from './judge-probe.js';

/** More than this no probe has to say. */
const MAX_BYTES = 2 ** 20;
/** A grandchild may keep the pipe open: what came until then counts. */
const DRAIN_MS = 200;

/** Runs a probe in a process of its own, kills it and all that it started when its time is over, and judges it. */
export async function runProbe(
  plan: (treeMark: string) => LaunchPlan,
  cwd: string,
  timeoutMs: number,
): Promise<ProbeVerdict> {
  const mark = randomUUID();
  const { file, args, env } = plan(mark);
  const child = spawn(file, args, {
    cwd,
    env,
    stdio: ['ignore', 'pipe', 'pipe', 'pipe'],
    detached: process.platform !== 'win32',
    windowsHide: true,
  });
  const stdout = collected(child.stdout);
  const stderr = collected(child.stderr);
  const exited = new Promise<Omit<ProbeFacts, 'stdout' | 'stderr' | 'isCut'>>((resolve) => {
    const timer = setTimeout(() => {
      resolve({ expiredMs: timeoutMs, code: null, signal: null });
    }, timeoutMs);
    child.once('exit', (code, signal) => {
      clearTimeout(timer);
      resolve({ code, signal });
    });
    child.once('error', (error) => {
      clearTimeout(timer);
      stderr.add(`it cannot be started: ${error.message}`);
      resolve({ code: -1, signal: null });
    });
  });
  const exit = await exited;
  await Promise.race([Promise.all([stdout.ended, stderr.ended]), delay(DRAIN_MS)]);
  if (child.pid !== undefined) killTree(child.pid, mark);
  for (const stream of child.stdio) stream?.destroy();
  return judgeProbe({
    ...exit,
    stdout: stdout.text(),
    stderr: stderr.text(),
    isCut: stdout.isCut(),
  });
}

interface Collected {
  readonly ended: Promise<void>;
  add(text: string): void;
  text(): string;
  isCut(): boolean;
}

/** The first bytes of a stream, drained to its end. */
function collected(stream: Readable | null): Collected {
  const pieces: Buffer[] = [];
  let bytes = 0;
  const add = (piece: Buffer) => {
    if (bytes <= MAX_BYTES) pieces.push(piece);
    bytes += piece.length;
  };
  stream?.on('data', add);
  stream?.on('error', () => undefined); // the exit says what happened
  return {
    ended: new Promise((resolve) => stream?.once('close', resolve)),
    add: (text) => add(Buffer.from(text)),
    text: () => Buffer.concat(pieces).toString('utf8'),
    isCut: () => bytes > MAX_BYTES,
  };
}

const delay = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
