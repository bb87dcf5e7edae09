import type { Writable } from 'node:stream';
import { FrameQueue } from './frame-queue.js';
import type { Outgoing } from './message.js';
import type { Wire } from './peer.js';

/** Bytes given to the stream ahead of what the kernel took: no more, or a cancel would wait behind them. */
const AHEAD_BYTES = 4 * 2 ** 20;

/** Writes frames to a stream, as fast as the other side reads. */
export class SocketWire implements Wire {
  readonly #stream: Writable;
  readonly #queue = new FrameQueue();
  #sentBytes = 0;

  constructor(stream: Writable) {
    this.#stream = stream;
  }

  /** Bytes given to the stream so far. */
  get sentBytes(): number {
    return this.#sentBytes;
  }

  send(message: Outgoing): void {
    this.#queue.add(message);
    this.#pump();
  }

  readonly #pump = (): void => {
    while (this.#stream.writable && this.#stream.writableLength < AHEAD_BYTES) {
      const frame = this.#queue.next();
      if (frame === undefined) return;
      const { pieces, sent } = frame;
      const written = (error: Error | null | undefined): void => {
        if (!error) sent?.();
        this.#pump();
      };
      this.#stream.cork();
      for (const [at, piece] of pieces.entries()) {
        this.#sentBytes += piece.length;
        this.#stream.write(piece, at === pieces.length - 1 ? written : undefined);
      }
      this.#stream.uncork();
    }
  };
}
