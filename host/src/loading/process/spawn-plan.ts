import { type ChildProcess, spawn } from 'node:child_process';
import type { Readable, Writable } from 'node:stream';
import type { LaunchPlan } from './launch-plan.js';

/** Starts a child as planned, at the head of a process group of its own where there are such. */
export function spawnPlan(
  { file, args, env, stream, lifeline }: LaunchPlan,
  cwd: string,
): ChildProcess {
  const stdio =
    stream === 'descriptor' ? ['ignore', 'pipe', 'pipe', 'pipe', 'pipe'] : ['pipe', 'pipe', 'pipe'];
  return spawn(file, args, {
    cwd,
    env,
    stdio: [...stdio, ...(lifeline ? ['pipe'] : [])] as ('pipe' | 'ignore')[],
    detached: process.platform !== 'win32',
    windowsHide: true,
  });
}

/** The host's ends of the stream of messages. One for each way: a write that fails ends its stream, and answers may lie unread in the other. */
export function streamsOf(
  child: ChildProcess,
  { stream }: LaunchPlan,
): { readonly input: Writable; readonly output: Readable } {
  if (stream === 'stdio')
    return { input: child.stdin as Writable, output: child.stdout as Readable };
  return { input: child.stdio[3] as Writable, output: child.stdio[4] as Readable };
}
