import { encodeMessage } from './encode-message.js';
import type { Outgoing } from './message.js';

type Frame = readonly Uint8Array[];

/** A frame, as pieces, and what is to be called when it was written. */
export interface QueuedFrame {
  readonly pieces: Frame;
  readonly sent?: (() => void) | undefined;
}

/** What is to be written, frame by frame: messages in their order, but a cancel goes before the next frame of any. */
export class FrameQueue {
  readonly #urgent: Frame[] = [];
  readonly #waiting: {
    readonly first: Frame;
    readonly rest: Generator<Frame>;
    readonly sent: (() => void) | undefined;
  }[] = [];

  /** Encodes the message's JSON now, so that what cannot be sent throws here. */
  add(message: Outgoing): void {
    const rest = encodeMessage(message);
    const { value: first } = rest.next();
    if (message.type === 'cancel') this.#urgent.push(first as Frame);
    else this.#waiting.push({ first: first as Frame, rest, sent: message.sent });
  }

  /** The next frame; undefined when there is nothing to write. */
  next(): QueuedFrame | undefined {
    const urgent = this.#urgent.shift();
    if (urgent !== undefined) return { pieces: urgent };
    const head = this.#waiting[0];
    if (head === undefined) return undefined;
    const following = head.rest.next();
    if (!following.done) {
      this.#waiting[0] = { ...head, first: following.value };
      return { pieces: head.first };
    }
    this.#waiting.shift();
    return { pieces: head.first, sent: head.sent };
  }
}
