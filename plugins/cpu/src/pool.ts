import { Worker } from 'node:worker_threads';
import { VoxhostError } from '@voxhost/sdk';
import type { Heap } from './heap.js';
import { instantiateKernels } from './instantiate-kernels.js';
import { JOB_ABORT, JOB_TILE_COUNT, SCRATCH_BYTES } from './job-layout.js';
import type { Done, Kernel, Task, WorkerStart } from './messages.js';
import { takeTiles } from './take-tiles.js';

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
 * Threads that work on one series of jobs at a time, series and jobs in call order. The one that asks is one of them; the
 * others start with the first job that they can share.
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

interface Crew {
  readonly worker: Worker;
  readonly scratch: number;
  /** Jobs that it was asked to take part in and has not answered, by address. */
  readonly tasks: Map<number, Ending>;
}

/** Tells who waits for a worker's part of a job. */
interface Ending {
  resolve(): void;
  reject(reason: unknown): void;
}

interface Staff {
  readonly crew: Crew[];
  /** Scratch memory that nobody has. */
  readonly desks: number[];
  /** Address of the word that workers add to when they have answered. */
  readonly answers: number;
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
  // Taken before all else, so that they never lie between what comes and goes; untouched memory costs nothing.
  const own = createOwnHand(options, heap.allocate(SCRATCH_BYTES));
  const answers = heap.allocate(4);
  const desks = Array.from({ length: threads - 1 }, () => heap.allocate(SCRATCH_BYTES));
  const crew: Crew[] = [];
  let turn: Turn = { series: {}, begins: Promise.resolve(), ended: Promise.resolve() };

  const execute = async (job: number, jobOptions: JobOptions): Promise<void> => {
    jobOptions.signal?.throwIfAborted();
    const tiles = word(heap, job, JOB_TILE_COUNT)[0];
    const others = jobOptions.isOwn ? 0 : Math.min(threads, tiles) - 1;
    if (others < 1) return executeAlone(own, job, jobOptions);
    while (crew.length < others) crew.push(hire(options, { crew, desks, answers }));
    const hands = crew.slice(0, others);
    return executeTogether({ options, own, hands, answers }, job, jobOptions);
  };

  return {
    threads,
    execute(job, jobOptions) {
      const { series = {} } = jobOptions;
      const begins = series === turn.series ? turn.begins : turn.ended;
      const answer = begins.then(() => execute(job, jobOptions));
      const before = turn.ended;
      const ended = answer.then(
        () => before,
        () => before,
      );
      turn = { series, begins, ended };
      return answer;
    },
    async [Symbol.asyncDispose]() {
      await turn.ended;
      await Promise.all(crew.splice(0).map(({ worker }) => worker.terminate()));
      for (const address of [own.scratch, answers, ...desks.splice(0)]) heap.release(address);
    },
  };
}

/** The thread that asks: takes its part of one job after the other, in call order. */
interface OwnHand {
  readonly scratch: number;
  take(job: number, answers: number | undefined, options: JobOptions): Promise<void>;
}

function createOwnHand({ backend, module, heap }: PoolOptions, scratch: number): OwnHand {
  const { memory } = heap;
  let kernels: ReturnType<typeof instantiateKernels> | undefined;
  let last = Promise.resolve();
  return {
    scratch,
    take(job, answers, { kernel, signal, progress }) {
      kernels ??= instantiateKernels(module, memory);
      const part = { backend, run: kernels[kernel], memory, job, scratch, answers };
      const taken = last.then(() => takeTiles({ ...part, signal, progress }));
      last = taken.catch(() => undefined);
      return taken;
    },
  };
}

/** A worker that does not keep the process alive while it has nothing to do; it gives its scratch memory back when it ends. */
function hire({ module, heap, url }: PoolOptions, { crew, desks, answers }: Staff): Crew {
  const scratch = desks.pop() ?? heap.allocate(SCRATCH_BYTES);
  const start: WorkerStart = { module, memory: heap.memory, answers };
  const worker = new Worker(url, { workerData: start, execArgv: [] }); // `--input-type` and the like are the caller's
  const member: Crew = { worker, scratch, tasks: new Map() };
  worker.unref();
  worker.on('message', ({ job }: Done) => settle(member, job, (task) => task.resolve()));
  worker.on('error', (error) => failAll(member, error)); // nobody is told what it died of between jobs
  worker.once('exit', (code) => {
    failAll(member, new Error(`it exited with ${code}`));
    const at = crew.indexOf(member);
    if (at >= 0) crew.splice(at, 1);
    desks.push(scratch);
  });
  return member;
}

function failAll(member: Crew, error: unknown): void {
  for (const job of member.tasks.keys()) settle(member, job, (task) => task.reject(error));
}

/** Ends the worker's part of a job; one that has nothing to do does not keep the process alive. */
function settle({ worker, tasks }: Crew, job: number, end: (task: Ending) => void): void {
  const task = tasks.get(job);
  if (task === undefined) return;
  tasks.delete(job);
  if (tasks.size === 0) worker.unref();
  end(task);
}

/** Nobody else has to be told of an abort, which `takeTiles` looks for itself. */
async function executeAlone(own: OwnHand, job: number, options: JobOptions): Promise<void> {
  await own.take(job, undefined, options);
  options.signal?.throwIfAborted();
}

interface Together {
  readonly options: PoolOptions;
  readonly own: OwnHand;
  readonly hands: readonly Crew[];
  readonly answers: number;
}

async function executeTogether(
  { options: { heap, backend }, own, hands, answers }: Together,
  job: number,
  jobOptions: JobOptions,
): Promise<void> {
  const { kernel, signal } = jobOptions;
  const stop = (): void => {
    Atomics.store(word(heap, job, JOB_ABORT), 0, 1);
  };
  signal?.addEventListener('abort', stop);
  try {
    const others = hands.map((hand) =>
      take(hand, { kernel, job, scratch: hand.scratch }).catch(failWith(backend)),
    );
    const parts = [...others, own.take(job, answers, jobOptions)];
    const outcomes = await Promise.allSettled(parts.map((part) => part.catch(stopAnd(stop))));
    signal?.throwIfAborted();
    const lost = outcomes.find((outcome) => outcome.status === 'rejected');
    if (lost) throw lost.reason;
  } finally {
    signal?.removeEventListener('abort', stop);
  }
}

const stopAnd = (stop: () => void) => (reason: unknown) => {
  stop();
  throw reason;
};

const failWith = (backend: string) => (cause: unknown) => {
  const reason = `a worker thread died: ${cause instanceof Error ? cause.message : String(cause)}`;
  throw new VoxhostError('BACKEND_FAILED', { backend, reason }, cause);
};

/** One worker's part of a job; rejects when the worker dies. */
function take({ worker, tasks }: Crew, task: Task): Promise<void> {
  return new Promise((resolve, reject) => {
    if (tasks.size === 0) worker.ref();
    tasks.set(task.job, { resolve, reject });
    worker.postMessage(task);
  });
}

const word = ({ memory }: Heap, job: number, offset: number): Int32Array =>
  new Int32Array(memory.buffer, job + offset, 1);
