import { write, writeSync } from 'node:fs';
import { promisify } from 'node:util';
import { FrameQueue, type QueuedFrame } from './frame-queue.js';
import type { Outgoing } from './message.js';
import type { Wire } from './peer.js';

const writeAsync = promisify(write);

/** Frames up to this size are written at once, so that a log leaves the process before the crash that follows it. */
const SMALL_BYTES = 32 * 1024;

/** Writes frames to a blocking descriptor: small ones now, large ones off the event loop. */
export class DescriptorWire implements Wire {
  readonly #descriptor: number;
  readonly #onBroken: (error: unknown) => void;
  readonly #queue = new FrameQueue();
  #isWriting = false;

  constructor(descriptor: number, onBroken: (error: unknown) => void) {
    this.#descriptor = descriptor;
    this.#onBroken = onBroken;
  }

  send(message: Outgoing): void {
    this.#queue.add(message);
    this.#pump();
  }

  #pump(): void {
    while (!this.#isWriting) {
      const frame = this.#queue.next();
      if (frame === undefined) return;
      const bytes = frame.pieces.reduce((sum, piece) => sum + piece.length, 0);
      try {
        if (bytes > SMALL_BYTES) this.#writeLater(frame);
        else {
          for (const piece of frame.pieces) this.#writeNow(piece);
          frame.sent?.();
        }
      } catch (error) {
        this.#onBroken(error);
      }
    }
  }

  #writeNow(piece: Uint8Array): void {
    for (let at = 0; at < piece.length; ) at += writeSync(this.#descriptor, piece, at);
  }

  #writeLater({ pieces, sent }: QueuedFrame): void {
    this.#isWriting = true;
    const all = async () => {
      for (const piece of pieces) {
        for (let at = 0; at < piece.length; )
          at += (await writeAsync(this.#descriptor, piece, at)).bytesWritten;
      }
    };
    all().then(() => {
      this.#isWriting = false;
      sent?.();
      this.#pump();
    }, this.#onBroken);
  }
}
