import { parentPort, workerData } from 'node:worker_threads';
import type { Done, Task, WorkerStart } from './messages.js';

const { module, memory } = workerData as WorkerStart;

/** The kernels call this where their code cannot go on, which is a defect of theirs. */
const abort = (): never => {
  throw new Error('a kernel reached what cannot be');
};

const { exports } = new WebAssembly.Instance(module, { env: { memory, abort } });
const kernels = exports as unknown as Readonly<Record<string, (...numbers: number[]) => void>>;

parentPort?.on('message', ({ kernel, job, scratch }: Task) => {
  kernels[kernel]?.(job, scratch);
  parentPort?.postMessage({ job } satisfies Done);
});
