import { parentPort, receiveMessageOnPort, workerData } from 'node:worker_threads';
import type { Done, Task, WorkerStart } from './messages.js';

const { module, memory } = workerData as WorkerStart;

/** The kernels call this where their code cannot go on, which is a defect of theirs. */
const abort = (): never => {
  throw new Error('a kernel reached what cannot be');
};

const { exports } = new WebAssembly.Instance(module, { env: { memory, abort } });
const kernels = exports as unknown as Readonly<Record<string, (...numbers: number[]) => void>>;

const port = parentPort;

/** What has come in the meantime is taken at once: a turn of the event loop costs as much as many a tile. */
port?.on('message', (first: Task) => {
  for (let task: Task | undefined = first; task !== undefined; task = nextTask()) {
    kernels[task.kernel]?.(task.job, task.scratch);
    port.postMessage({ job: task.job } satisfies Done);
  }
});

const nextTask = (): Task | undefined => port && receiveMessageOnPort(port)?.message;
