import { Worker } from 'node:worker_threads';
import { VoxhostError } from '@voxhost/sdk';
import { executeHere } from './execute-here.js';
import type { Heap } from './heap.js';
import { instantiateKernels } from './instantiate-kernels.js';
import { JOB_ABORT, JOB_NEXT, JOB_TILE_COUNT, SCRATCH_BYTES } from './job-layout.js';
import type { Done, Kernel, Task, WorkerStart } from './messages.js';

export interface PoolOptions {
  readonly backend: string;
  readonly threads: number;
  readonly module: WebAssembly.Module;
  /** Of the worker's code. */
  readonly url: URL;
  readonly heap: Heap;
}

export interface JobOptions {
  readonly kernel: Kernel;
  readonly signal?: AbortSignal | undefined;
  /** Share of the job's tiles that were taken, now and then while it runs. */
  readonly progress?: ((fraction: number) => void) | undefined;
  /**
   * What the job is a part of, by identity. Jobs of one series that are called in a row may be under way at once, so that
   * workers go on with the next while others are at the last tiles of the one before. Default: a series of its own.
   */
  readonly series?: object | undefined;
  /** Is it for the thread that asks, whatever others there are? */
  readonly isOwn?: boolean | undefined;
}

/**
 * Threads that work on one series of jobs at a time, series and jobs in call order. They start with the first job that two
 * can share; what one thread is to do, the one that asks does itself.
 */
export interface Pool extends AsyncDisposable {
  /** That compute at once. */
  readonly threads: number;
  /**
   * Rejects with the signal's reason when aborted, and with `BACKEND_FAILED` when a worker died; either way
   * no worker touches the job any more. The next job replaces workers that died.
   */
  execute(job: number, options: JobOptions): Promise<void>;
}

/** Milliseconds between two looks at how far a job has come. */
const PROGRESS_MS = 50;

interface Crew {
  readonly worker: Worker;
  readonly scratch: number;
  /** Jobs that it was asked to take part in, and has not answered. */
  tasks: number;
}

/** Jobs that may be under way at once. */
interface Turn {
  readonly series: object;
  /** When those of the series before have ended. */
  readonly begins: Promise<void>;
  /** When those of this one have that were called so far. */
  readonly ended: Promise<void>;
}

export function createPool(options: PoolOptions): Pool {
  const { heap, threads } = options;
  const crew: Crew[] = [];
  // Taken before all else, so that they never lie between what comes and goes; untouched memory costs nothing.
  const own = heap.allocate(SCRATCH_BYTES);
  const desks = Array.from({ length: threads }, () => heap.allocate(SCRATCH_BYTES));
  let kernels: ReturnType<typeof instantiateKernels> | undefined;
  let turn: Turn = { series: {}, begins: Promise.resolve(), ended: Promise.resolve() };

  const execute = async (job: number, jobOptions: JobOptions): Promise<void> => {
    jobOptions.signal?.throwIfAborted();
    const tiles = word(heap, job, JOB_TILE_COUNT)[0];
    const count = jobOptions.isOwn ? 1 : Math.min(threads, tiles);
    if (count <= 1) {
      kernels ??= instantiateKernels(options.module, heap.memory);
      const { kernel, signal, progress } = jobOptions;
      const { backend } = options;
      const run = kernels[kernel];
      const { memory } = heap;
      return executeHere({ backend, run, memory, job, scratch: own, signal, progress });
    }
    while (crew.length < count) crew.push(hire(options, crew, desks));
    await executeTogether(options, crew.slice(0, count), job, jobOptions);
  };

  return {
    threads,
    execute(job, jobOptions) {
      const { series = {} } = jobOptions;
      const begins = series === turn.series ? turn.begins : turn.ended;
      const answer = begins.then(() => execute(job, jobOptions));
      const ended = Promise.allSettled([turn.ended, answer]).then(() => undefined);
      turn = { series, begins, ended };
      return answer;
    },
    async [Symbol.asyncDispose]() {
      await turn.ended;
      await Promise.all(crew.splice(0).map(({ worker }) => worker.terminate()));
      for (const desk of [own, ...desks.splice(0)]) heap.release(desk);
    },
  };
}

/** A worker that does not keep the process alive while it has nothing to do; it gives its scratch memory back when it ends. */
function hire({ module, heap, url }: PoolOptions, crew: Crew[], desks: number[]): Crew {
  const scratch = desks.pop() ?? heap.allocate(SCRATCH_BYTES);
  const start: WorkerStart = { module, memory: heap.memory };
  const worker = new Worker(url, { workerData: start, execArgv: [] }); // `--input-type` and the like are the caller's
  const member = { worker, scratch, tasks: 0 };
  worker.unref();
  worker.on('error', () => undefined); // what it died of is told by the job, if there is one
  worker.once('exit', () => {
    const at = crew.indexOf(member);
    if (at >= 0) crew.splice(at, 1);
    desks.push(scratch);
  });
  return member;
}

async function executeTogether(
  { heap, backend }: PoolOptions,
  hands: readonly Crew[],
  job: number,
  { kernel, signal, progress }: JobOptions,
): Promise<void> {
  const stop = (): void => {
    Atomics.store(word(heap, job, JOB_ABORT), 0, 1);
  };
  const ticker = progress && setInterval(() => progress(share(heap, job)), PROGRESS_MS);
  signal?.addEventListener('abort', stop);
  try {
    const answers = await Promise.allSettled(
      hands.map((hand) => take(hand, { kernel, job, scratch: hand.scratch }).catch(stopAnd(stop))),
    );
    const lost = answers.find((answer) => answer.status === 'rejected');
    signal?.throwIfAborted();
    if (lost) throw new VoxhostError('BACKEND_FAILED', failure(backend, lost.reason), lost.reason);
  } finally {
    signal?.removeEventListener('abort', stop);
    clearInterval(ticker);
  }
}

const stopAnd = (stop: () => void) => (reason: unknown) => {
  stop();
  throw reason;
};

const failure = (backend: string, reason: unknown): { backend: string; reason: string } => ({
  backend,
  reason: `a worker thread died: ${reason instanceof Error ? reason.message : String(reason)}`,
});

/** One worker's part of a job; rejects when the worker dies. */
function take(hand: Crew, task: Task): Promise<void> {
  const { worker } = hand;
  return new Promise((resolve, reject) => {
    const settle = (end: () => void): void => {
      worker.off('message', done);
      worker.off('error', failed);
      worker.off('exit', gone);
      hand.tasks--;
      if (hand.tasks === 0) worker.unref();
      end();
    };
    const done = ({ job }: Done): void => {
      if (job === task.job) settle(resolve);
    };
    const failed = (error: unknown): void => settle(() => reject(error));
    const gone = (code: number): void => settle(() => reject(new Error(`it exited with ${code}`)));
    worker.on('message', done);
    worker.on('error', failed);
    worker.on('exit', gone);
    hand.tasks++;
    worker.ref();
    worker.postMessage(task);
  });
}

const word = ({ memory }: Heap, job: number, offset: number): Int32Array =>
  new Int32Array(memory.buffer, job + offset, 1);

function share(heap: Heap, job: number): number {
  const taken = Atomics.load(word(heap, job, JOB_NEXT), 0);
  const tiles = word(heap, job, JOB_TILE_COUNT)[0];
  return Math.min(1, taken / tiles);
}
