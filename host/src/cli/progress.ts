import type { Terminal } from './terminal.js';

/** Nothing is drawn for work that ends sooner. */
const QUIET_MS = 1000;
const REDRAW_MS = 100;
const CLEAR_LINE = '\r\u001b[2K';

/** One line on a terminal that says how far the work is; silent elsewhere. */
export class Progress implements Disposable {
  readonly #terminal: Terminal;
  readonly #nowMs: () => number;
  readonly #startedMs: number;
  readonly #timer: NodeJS.Timeout | undefined;
  #phase = '';
  #fraction: number | undefined;
  #drawnMs: number | undefined;

  constructor(terminal: Terminal, quiet: boolean, nowMs: () => number = () => performance.now()) {
    this.#terminal = terminal;
    this.#nowMs = nowMs;
    this.#startedMs = nowMs();
    if (quiet || !terminal.interactive) return;
    this.#timer = setInterval(() => this.#draw(), REDRAW_MS);
    this.#timer.unref();
  }

  /** What is being done now; how far is unknown until `advance`. */
  phase(name: string): void {
    this.#phase = name;
    this.#fraction = undefined;
    this.#draw();
  }

  /** How much of the phase is done, 0 to 1. */
  readonly advance = (fraction: number): void => {
    this.#fraction = fraction;
    this.#draw();
  };

  [Symbol.dispose](): void {
    clearInterval(this.#timer);
    if (this.#drawnMs !== undefined) this.#terminal.err(CLEAR_LINE);
    this.#drawnMs = undefined;
  }

  // Reports draw as well as the timer: work that keeps the event loop busy lets no timer fire.
  #draw(): void {
    const now = this.#nowMs();
    const elapsed = now - this.#startedMs;
    if (this.#timer === undefined || elapsed < QUIET_MS) return;
    if (this.#drawnMs !== undefined && now - this.#drawnMs < REDRAW_MS) return;
    this.#drawnMs = now;
    const line = progressLine(this.#phase, this.#fraction, Math.floor(elapsed / 1000));
    this.#terminal.err(CLEAR_LINE + line);
  }
}

const BAR_CELLS = 24;

/** `resampling [######      ] 50 %  3 s` */
export function progressLine(phase: string, fraction: number | undefined, seconds: number): string {
  if (fraction === undefined) return `${phase} ...  ${seconds} s`;
  const done = Math.min(1, Math.max(0, fraction));
  const cells = Math.round(done * BAR_CELLS);
  const bar = '#'.repeat(cells).padEnd(BAR_CELLS);
  return `${phase} [${bar}] ${Math.round(done * 100)} %  ${seconds} s`;
}
