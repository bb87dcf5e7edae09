import { Worker } from 'node:worker_threads';
import { VoxhostError } from '@voxhost/sdk';
import type { Answers, Question, Reply, SessionNames, SessionSettings } from './messages.js';

/** A runtime in a thread of its own. */
export interface Engine extends AsyncDisposable {
  /** Loads the runtime into the thread. Rejects with the runtime's own words, as all that follow. */
  start(settings: Settings): Promise<void>;
  open(model: Uint8Array, settings: SessionSettings): Promise<Session>;
  /** A number that no run has kept values under. */
  nextNumber(): number;
  /** Drops the values that a run kept under this number. */
  forget(keep: number): Promise<void>;
}

export interface Settings {
  /** Entry file of onnxruntime-node, a file: URL. */
  readonly runtime: URL;
  /** Execution provider by onnxruntime's name; nothing else is tried. */
  readonly provider: string;
}

/** One model, opened. */
export interface Session extends AsyncDisposable {
  readonly names: SessionNames;
  run(question: Omit<Extract<Question, { kind: 'run' }>, 'kind' | 'session'>): Promise<Answers>;
}

interface Waiting {
  resolve(reply: Reply & { readonly ok: true }): void;
  reject(error: Error): void;
}

/** Starts the worker; nothing of the runtime is loaded before the question `start`. */
export function createEngine(worker: URL, backend: string): Engine {
  const thread = new Worker(worker);
  const ask = askThrough(thread, backend);
  let sessions = 0;
  let kept = 0;
  return {
    async start({ runtime, provider }) {
      await ask({ kind: 'start', runtime: runtime.href, provider });
    },
    async open(model, settings) {
      const session = sessions++;
      const { value } = await ask({ kind: 'open', session, model, settings });
      return sessionOf(ask, session, value as SessionNames);
    },
    nextNumber: () => kept++,
    async forget(keep) {
      await ask({ kind: 'forget', keep });
    },
    async [Symbol.asyncDispose]() {
      await thread.terminate();
    },
  };
}

type Ask = (question: Question) => Promise<Reply & { readonly ok: true }>;

/** Questions to a thread, answered one by one. Once it has ended, all reject with `BACKEND_FAILED`. */
function askThrough(thread: Worker, backend: string): Ask {
  const waiting = new Map<number, Waiting>();
  let next = 0;
  let failure: VoxhostError | undefined;
  const fail = (reason: string, cause?: unknown): void => {
    failure ??= new VoxhostError('BACKEND_FAILED', { backend, reason }, cause);
    for (const one of waiting.values()) one.reject(failure);
    waiting.clear();
  };
  thread.on('message', (reply: Reply) => {
    const one = waiting.get(reply.id);
    waiting.delete(reply.id);
    if (reply.ok) one?.resolve(reply);
    else one?.reject(new Error(reply.message.trim().replace(/\s*\n\s*/g, ' ')));
  });
  thread.on('error', (error) => fail(`its worker ended: ${error.message}`, error));
  thread.on('exit', () => fail('its worker has ended'));
  return (question) =>
    new Promise((resolve, reject) => {
      if (failure !== undefined) {
        reject(failure);
        return;
      }
      const id = next++;
      waiting.set(id, { resolve, reject });
      thread.postMessage({ id, question });
    });
}

const sessionOf = (ask: Ask, session: number, names: SessionNames): Session => ({
  names,
  run: async (question) => {
    const { value } = await ask({ kind: 'run', session, ...question });
    return value as Answers;
  },
  async [Symbol.asyncDispose]() {
    await ask({ kind: 'close', session }).catch(() => undefined); // the worker may be gone
  },
});
