/** What a worker starts from. */
export interface WorkerStart {
  readonly module: WebAssembly.Module;
  readonly memory: WebAssembly.Memory;
  /** Address of a word that a worker adds to when it has answered: seen by who does not look at messages. */
  readonly answers: number;
}

/** Exports of the kernels that take tiles of a job until none is left. */
export type Kernel =
  | 'work'
  | 'extend'
  | 'filter'
  | 'measure'
  | 'foldBoxes'
  | 'scatter'
  | 'correlate'
  | 'gatherSlopes'
  | 'correlateLists';

/** Asks a worker to take part in a job, which lies at an address of the shared memory. */
export interface Task {
  readonly kernel: Kernel;
  readonly job: number;
  readonly scratch: number;
}

/** The worker found no more tiles. */
export interface Done {
  readonly job: number;
}
