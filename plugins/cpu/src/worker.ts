import { parentPort, receiveMessageOnPort, workerData } from 'node:worker_threads';
import { instantiateKernels } from './instantiate-kernels.js';
import type { Done, Task, WorkerStart } from './messages.js';

const { module, memory, answers } = workerData as WorkerStart;
const kernels = instantiateKernels(module, memory);
const answered = new Int32Array(memory.buffer, answers, 1);
const port = parentPort;

/** What has come in the meantime is taken at once: a turn of the event loop costs as much as many a tile. */
port?.on('message', (first: Task) => {
  for (let task: Task | undefined = first; task !== undefined; task = nextTask()) {
    kernels[task.kernel](task.job, task.scratch, 0);
    port.postMessage({ job: task.job } satisfies Done);
    Atomics.add(answered, 0, 1);
  }
});

const nextTask = (): Task | undefined => port && receiveMessageOnPort(port)?.message;
