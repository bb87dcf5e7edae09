import { encodeMessage } from '#host/loading/process/encode-message.js';
import { FRAME_TYPES } from '#host/loading/process/frame.js';
import { BrokenContract, type Outgoing } from '#host/loading/process/message.js';
import { MessageReader } from '#host/loading/process/message-reader.js';

/** How the executions of a fuzz run ended. */
export interface FuzzFigures {
  readonly executions: number;
  /** Streams that were read to their end. */
  readonly read: number;
  /** Streams in which a broken contract was found. */
  readonly refused: number;
  readonly messages: number;
}

/** A blob that the stream only claims is dropped, not allocated. */
const MAX_BLOB = 2 ** 16;

/**
 * Feeds mutated streams of frames to the reader, in pieces of random length. Every one must end in messages or in
 * a broken contract: any other error is thrown on.
 */
export function fuzzFrames(executions: number, seed: number): FuzzFigures {
  const random = randomFrom(seed);
  let [read, refused, messages] = [0, 0, 0];
  for (let execution = 0; execution < executions; execution++) {
    try {
      messages += feed(mutated(someStream(random), random), random);
      read += 1;
    } catch (error) {
      if (!(error instanceof BrokenContract)) throw error;
      refused += 1;
    }
  }
  return { executions, read, refused, messages };
}

function feed(bytes: Uint8Array, random: () => number): number {
  const reader = new MessageReader((_, length) =>
    length > MAX_BLOB ? undefined : { buffer: new ArrayBuffer(length), offset: 0 },
  );
  let messages = 0;
  for (let at = 0; at < bytes.length; ) {
    const end = at + 1 + Math.floor(random() * bytes.length);
    messages += reader.push(bytes.subarray(at, end)).length;
    at = end;
  }
  return messages;
}

function someStream(random: () => number): Uint8Array {
  const count = 1 + Math.floor(random() * 3);
  return joined(
    Array.from({ length: count }, () => someMessage(random)).flatMap((m) =>
      [...encodeMessage(m)].flat(),
    ),
  );
}

const TEXTS = ['', '{"a": 1}', '\u0000\ud800', 'é', '__proto__', '1e999'];

function someMessage(random: () => number): Outgoing {
  const pick = <T>(list: readonly T[]) => list[Math.floor(random() * list.length)] as T;
  const type = pick(FRAME_TYPES.filter((name) => name !== 'data')) as Outgoing['type'];
  const blob = random() < 0.5 ? [] : [new Uint8Array(Math.floor(random() * 40))];
  const fields = random() < 0.3 ? {} : { [pick(TEXTS)]: pick(TEXTS), number: random() };
  return { type, id: Math.floor(random() * 5), fields, blob };
}

/** Bytes flipped, cut out, doubled or replaced by numbers that parsers trip over. */
function mutated(bytes: Uint8Array, random: () => number): Uint8Array {
  const place = () => Math.floor(random() * bytes.length);
  const result = bytes.slice();
  switch (Math.floor(random() * 6)) {
    case 0:
      return result;
    case 1:
      result[place()] = Math.floor(random() * 256);
      return result;
    case 2:
      return result.subarray(0, place());
    case 3:
      return joined([result.subarray(0, place()), result.subarray(place())]);
    case 4:
      result.fill(0xff, place(), place());
      return result;
    default:
      new DataView(result.buffer).setUint32(
        Math.min(8 + 4 * Math.floor(random() * 4), result.length - 4),
        [0, 1, 0x7fffffff, 0x80000000, 0xffffffff][Math.floor(random() * 5)] as number,
        true,
      );
      return result;
  }
}

function joined(pieces: readonly Uint8Array[]): Uint8Array {
  return new Uint8Array(Buffer.concat(pieces));
}

/** mulberry32: small, seeded, good enough to pick mutations. */
function randomFrom(seed: number): () => number {
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

const [, script, executions, seed = '1'] = process.argv;
if (script?.endsWith('fuzz-frames.js') && executions !== undefined)
  console.log(JSON.stringify(fuzzFrames(Number(executions), Number(seed))));
