/** The world as a command sees it. Tests hand in their own. */
export interface Terminal {
  /** Results only. */
  readonly out: (text: string) => void;
  /** Everything that is no result. */
  readonly err: (text: string) => void;
  /** Is a person watching what `err` prints? */
  readonly interactive: boolean;
  /** What is read of the environment. */
  readonly env: { readonly VOXHOST_LOG?: string | undefined };
  /** Aborted by Ctrl-C and by signals that ask the process to end. */
  readonly signal: AbortSignal;
}

/** What Ctrl-C aborts with; `exitCode` is 128 plus the signal's number, as shells have it. */
export class Interrupted extends Error {
  readonly code = 'INTERRUPTED';
  readonly exitCode: number;

  constructor(exitCode: number) {
    super('interrupted; nothing was written');
    this.name = 'Interrupted';
    this.exitCode = exitCode;
  }
}
