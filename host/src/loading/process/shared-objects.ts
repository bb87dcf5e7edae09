import type { Image, Lattice } from '@voxhost/sdk';
import { decodeObject, encodeObject, type Shared } from './encode-object.js';
import { BrokenContract, type Message } from './message.js';
import type { Peer } from './peer.js';
import { readCount, readCounts } from './read-fields.js';

/** Bytes of objects that nobody uses now but that the other side keeps, since the next call may name them again. */
const IDLE_BYTES = 256 * 2 ** 20;

interface Held {
  readonly bytes: number;
  uses: number;
}

/** Images and lattices that this side sent: each crosses once while it is used, or lately was. */
export class SentObjects {
  readonly #peer: Peer;
  readonly #numbers = new WeakMap<Shared, number>();
  /** In the order of last use. */
  readonly #held = new Map<number, Held>();
  #next = 1;
  #idleBytes = 0;

  constructor(peer: Peer) {
    this.#peer = peer;
  }

  /** Sends them where the other side has not got them; they stay there until they are let go as often. */
  use(objects: readonly Shared[]): void {
    for (const object of objects) {
      const held = this.#held.get(this.#numbers.get(object) ?? 0) ?? this.#send(object);
      if (held.uses === 0) this.#idleBytes -= held.bytes;
      held.uses += 1;
    }
  }

  /** Only of what is in use. */
  numberOf = (object: Shared): number => this.#numbers.get(object) ?? 0;

  letGo(objects: readonly Shared[]): void {
    for (const object of objects) {
      const number = this.numberOf(object);
      const held = this.#held.get(number);
      if (held === undefined) continue;
      held.uses -= 1;
      if (held.uses > 0) continue;
      this.#idleBytes += held.bytes;
      this.#held.delete(number);
      this.#held.set(number, held);
    }
    this.#releaseOldest();
  }

  #send(object: Shared): Held {
    const number = this.#next++;
    const { fields, data } = encodeObject(object);
    this.#peer.tell({
      type: 'put',
      id: this.#peer.nextId(),
      fields: { number, ...fields },
      blob: [data],
    });
    this.#numbers.set(object, number);
    const held = { bytes: data.byteLength, uses: 0 };
    this.#held.set(number, held);
    this.#idleBytes += held.bytes;
    return held;
  }

  #releaseOldest(): void {
    const numbers: number[] = [];
    for (const [number, { uses, bytes }] of this.#held) {
      if (this.#idleBytes <= IDLE_BYTES) break;
      if (uses > 0) continue;
      this.#held.delete(number);
      this.#idleBytes -= bytes;
      numbers.push(number);
    }
    if (numbers.length > 0) this.#peer.tell({ type: 'release', id: 0, fields: { numbers } });
  }
}

/** Images and lattices that the other side sent. */
export class ReceivedObjects {
  readonly #objects = new Map<number, Shared>();
  readonly #maxBytes: number;
  #bytes = 0;

  /** `maxBytes`: more at once is a broken contract, so that the other side cannot fill this one's memory. */
  constructor(maxBytes = Number.POSITIVE_INFINITY) {
    this.#maxBytes = maxBytes;
  }

  put({ fields, blob }: Message): void {
    const number = readCount(fields, 'number');
    if (this.#objects.has(number)) throw new BrokenContract(`put number ${number} twice`);
    this.#bytes += blob.byteLength;
    if (this.#bytes > this.#maxBytes)
      throw new BrokenContract(`put more than ${this.#maxBytes} bytes of images and lattices`);
    this.#objects.set(number, decodeObject(fields, blob));
  }

  release({ fields }: Message): void {
    for (const number of readCounts(fields, 'numbers')) {
      this.#bytes -= this.#objects.get(number)?.data.byteLength ?? 0;
      this.#objects.delete(number);
    }
  }

  image = (number: number): Image => {
    const object = this.#objects.get(number);
    if (object === undefined || !('grid' in object))
      throw new BrokenContract(`named image ${number}, which was not put`);
    return object;
  };

  lattice = (number: number): Lattice => {
    const object = this.#objects.get(number);
    if (object === undefined || 'grid' in object)
      throw new BrokenContract(`named lattice ${number}, which was not put`);
    return object;
  };
}
