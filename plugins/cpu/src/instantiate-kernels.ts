import type { Kernel } from './messages.js';

/** Takes so many tiles of a job at most, 0 for all that are left; by its address and that of the thread's scratch memory. */
export type RunKernel = (job: number, scratch: number, most: number) => void;

/** The kernels call this where their code cannot go on, which is a defect of theirs. */
const abort = (): never => {
  throw new Error('a kernel reached what cannot be');
};

/** The kernels over a memory; what they keep between calls is this instance's. */
export function instantiateKernels(
  module: WebAssembly.Module,
  memory: WebAssembly.Memory,
): Readonly<Record<Kernel, RunKernel>> {
  const { exports } = new WebAssembly.Instance(module, { env: { memory, abort } });
  return exports as unknown as Readonly<Record<Kernel, RunKernel>>;
}
