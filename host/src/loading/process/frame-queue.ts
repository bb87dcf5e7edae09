import { encodeMessage } from './encode-message.js';
import type { Outgoing } from './message.js';

type Frame = readonly Uint8Array[];

/** What is to be written, frame by frame: messages in their order, but a cancel goes before the next frame of any. */
export class FrameQueue {
  readonly #urgent: Frame[] = [];
  readonly #waiting: { readonly first: Frame; readonly rest: Generator<Frame> }[] = [];

  /** Encodes the message's JSON now, so that what cannot be sent throws here. */
  add(message: Outgoing): void {
    const rest = encodeMessage(message);
    const { value: first } = rest.next();
    if (message.type === 'cancel') this.#urgent.push(first as Frame);
    else this.#waiting.push({ first: first as Frame, rest });
  }

  /** The next frame, as pieces; undefined when there is nothing to write. */
  next(): Frame | undefined {
    const urgent = this.#urgent.shift();
    if (urgent !== undefined) return urgent;
    const head = this.#waiting[0];
    if (head === undefined) return undefined;
    const following = head.rest.next();
    if (following.done) this.#waiting.shift();
    else this.#waiting[0] = { first: following.value, rest: head.rest };
    return head.first;
  }
}
