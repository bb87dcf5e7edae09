import { spawn } from 'node:child_process';
import { writeSync } from 'node:fs';
import { type Context, VoxhostError } from '@voxhost/sdk';
import type { Misdeed } from './fault.js';

const SIGNALS: { readonly [misdeed: string]: NodeJS.Signals } = {
  segv: 'SIGSEGV',
  bus: 'SIGBUS',
  ill: 'SIGILL',
  kill: 'SIGKILL',
};

/** The descriptor on which the host hears this process, which a plugin has no business with. */
const STREAM = 4;
const FLOOD_BYTES = 100 * 2 ** 20;
const LEAK_BYTES = 10 * 2 ** 20;
const leaked: Uint8Array[] = [];

/** Says which misdeed comes, then does it, unless it is one of answering wrongly: those are `lie`'s. */
export async function misbehave(misdeed: Misdeed | undefined, log: Context['log']): Promise<void> {
  if (misdeed === undefined) return;
  log('debug', `chaos: ${misdeed}`);
  const signal = SIGNALS[misdeed];
  if (signal !== undefined) die(signal);
  await DEEDS[misdeed]?.();
}

const DEEDS: { readonly [M in Misdeed]?: () => void | Promise<void> } = {
  abort: () => process.abort(),
  exit: () => process.exit(0),
  exit7: () => process.exit(7),
  'out-of-memory': fillHeap,
  spin,
  'ignore-term': () => {
    process.on('SIGTERM', () => undefined);
    spin();
  },
  stall: () => new Promise<never>(() => undefined),
  throw: () => {
    throw new Error('chaos threw');
  },
  'throw-text': () => {
    throwAnything('chaos threw text');
  },
  'no-memory': () => {
    throw new VoxhostError('OUT_OF_MEMORY', { backend: 'chaos', bytes: 2 ** 40 });
  },
  unsupported: () => {
    const fields = { backend: 'chaos', axis: 'mood', reason: 'not today' };
    throw new VoxhostError('UNSUPPORTED', fields);
  },
  'reject-later': () => {
    setImmediate(() => void Promise.reject(new Error('chaos rejected later')));
  },
  print: () => {
    process.stdout.write('{"ready": true}\nVXF1 noise\n');
    process.stderr.write('chaos complains\n');
  },
  flood: async () => {
    const line = `${'x'.repeat(2 ** 20 - 1)}\n`;
    for (let written = 0; written < FLOOD_BYTES; written += line.length)
      await new Promise((resolve) => process.stdout.write(line, resolve));
  },
  garbage: () => void writeSync(STREAM, Buffer.from('this is no frame, whatever you make of it')),
  'huge-frame': () => void writeSync(STREAM, frame({ json: 0xffffffff })),
  'half-frame': () => {
    writeSync(STREAM, frame({ json: 100 }).subarray(0, 20));
    die('SIGKILL');
  },
  'answer-twice': () => void writeSync(STREAM, frame({ type: 8, id: 1 })),
  leak: () => {
    leaked.push(new Uint8Array(LEAK_BYTES).fill(1));
  },
  daemon: leaveDaemon,
  tamper,
};

function die(signal: NodeJS.Signals): never {
  process.kill(process.pid, signal);
  return spin();
}

function spin(): never {
  for (;;);
}

function throwAnything(value: unknown): never {
  throw value;
}

/** Until V8 ends the process. */
function fillHeap(): void {
  const rows: number[][] = [];
  for (;;) rows.push(new Array<number>(100_000).fill(rows.length));
}

/** Leaves a process in a session of its own that keeps every descriptor open. */
function leaveDaemon(): void {
  spawn('/bin/sh', ['-c', 'sleep 600 & wait'], { detached: true, stdio: 'inherit' }).unref();
}

/** What a careless library does to the process that it is loaded into. */
function tamper(): void {
  Object.assign(Array.prototype, { map: () => ['tampered'] });
  Object.assign(JSON, { parse: () => ({}) });
  for (let i = 0; i < 1000; i++) process.on('exit', () => undefined);
  process.chdir('/');
  process.env['PATH'] = '';
}

function frame({ type = 8, id = 1, json = 0 }): Uint8Array {
  const bytes = new Uint8Array(24);
  const view = new DataView(bytes.buffer);
  bytes.set([0x56, 0x58, 0x46, 0x31]);
  view.setUint16(4, type, true);
  view.setUint32(8, id, true);
  view.setUint32(12, json, true);
  return bytes;
}
