/** What one request is waited for. */
interface Deadline {
  readonly what: string;
  readonly limitMs: number;
  timer: NodeJS.Timeout;
  /** Time during which the child itself waited for the host, as counted when the timer was set. */
  pausedMs: number;
  /** It was cancelled, and has so long from its turn. */
  graceMs?: number;
  isHurried?: boolean;
}

/** A timer that fires so much late shows that this process did not run: no reason to blame another. */
const LATE_MS = 2000;

/**
 * Waits for answers, each at most its limit, and reports the first that is too late.
 *
 * Requests are answered one after another, so each has the time of those before it as well. While the child
 * waits for the host (a metric that resamples elsewhere) its clock stands still.
 */
export class Watchdog {
  readonly #onExpiry: (what: string, limitMs: number) => void;
  readonly #open = new Map<number, Deadline>();
  #pauses = 0;
  #pausedSince = 0;
  #pausedMs = 0;

  constructor(onExpiry: (what: string, limitMs: number) => void) {
    this.#onExpiry = onExpiry;
  }

  get isBusy(): boolean {
    return this.#open.size > 0;
  }

  /** Is there a request whose answer somebody still wants? */
  get isWanted(): boolean {
    return [...this.#open.values()].some(({ graceMs }) => graceMs === undefined);
  }

  /** What is waited for, in words. */
  get during(): string {
    const names = [...new Set([...this.#open.values()].map(({ what }) => what))];
    return names.length === 0 ? 'while idle' : `during ${names.join(' and ')}`;
  }

  began(id: number, what: string, limitMs: number): void {
    const before = [...this.#open.values()].reduce((sum, open) => sum + open.limitMs, 0);
    const timer = this.#arm(id, before + limitMs);
    this.#open.set(id, { what, limitMs, timer, pausedMs: this.#totalPaused() });
  }

  /** It is not wanted any more: once it is its turn, it has only so much time left. */
  cancelled(id: number, graceMs: number): void {
    const open = this.#open.get(id);
    if (open === undefined) return;
    open.graceMs = graceMs;
    this.#hurryFirst();
  }

  /** It shows that it lives: its time begins anew. */
  alive(id: number): void {
    const open = this.#open.get(id);
    if (open !== undefined && open.graceMs === undefined) this.#rearm(id, open, open.limitMs);
  }

  ended(id: number): void {
    const open = this.#open.get(id);
    if (open === undefined) return;
    clearTimeout(open.timer);
    this.#open.delete(id);
    this.#hurryFirst();
  }

  pause(): void {
    if (this.#pauses++ === 0) this.#pausedSince = performance.now();
  }

  resume(): void {
    if (--this.#pauses === 0) this.#pausedMs += performance.now() - this.#pausedSince;
  }

  stop(): void {
    for (const { timer } of this.#open.values()) clearTimeout(timer);
    this.#open.clear();
  }

  #hurryFirst(): void {
    for (const [id, open] of this.#open) {
      if (open.graceMs !== undefined && !open.isHurried) {
        open.isHurried = true;
        this.#rearm(id, open, open.graceMs);
      }
      return;
    }
  }

  #rearm(id: number, open: Deadline, limitMs: number): void {
    clearTimeout(open.timer);
    open.timer = this.#arm(id, limitMs);
    open.pausedMs = this.#totalPaused();
  }

  #totalPaused(): number {
    return this.#pausedMs + (this.#pauses > 0 ? performance.now() - this.#pausedSince : 0);
  }

  #arm(id: number, limitMs: number): NodeJS.Timeout {
    const due = performance.now() + limitMs;
    return setTimeout(() => this.#expired(id, due), Math.min(limitMs, 2 ** 31 - 1));
  }

  #expired(id: number, due: number): void {
    const open = this.#open.get(id);
    if (open === undefined) return;
    const paused = this.#totalPaused();
    const late = performance.now() - due;
    const more = paused - open.pausedMs + (this.#pauses > 0 ? open.limitMs : 0);
    if (more > 0 || late > LATE_MS) {
      open.pausedMs = paused;
      open.timer = this.#arm(id, Math.max(more, Math.min(late, open.limitMs), 1));
      return;
    }
    // An answer may lie unread: one turn of the event loop takes it in.
    setImmediate(() => setImmediate(() => this.#expire(id)));
  }

  #expire(id: number): void {
    const open = this.#open.get(id);
    if (open !== undefined) this.#onExpiry(open.what, open.limitMs);
  }
}
