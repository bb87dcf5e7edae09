import { parentPort, receiveMessageOnPort, workerData } from 'node:worker_threads';
import { instantiateKernels } from './instantiate-kernels.js';
import type { Done, Task, WorkerStart } from './messages.js';

const { module, memory } = workerData as WorkerStart;
const kernels = instantiateKernels(module, memory);
const port = parentPort;

/** What has come in the meantime is taken at once: a turn of the event loop costs as much as many a tile. */
port?.on('message', (first: Task) => {
  for (let task: Task | undefined = first; task !== undefined; task = nextTask()) {
    kernels[task.kernel](task.job, task.scratch, 0);
    port.postMessage({ job: task.job } satisfies Done);
  }
});

const nextTask = (): Task | undefined => port && receiveMessageOnPort(port)?.message;
