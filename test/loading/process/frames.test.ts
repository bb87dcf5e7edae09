import assert from 'node:assert/strict';
import fc from 'fast-check';
import { encodeMessage, PART_BYTES } from '#host/loading/process/encode-message.js';
import {
  decodeHeader,
  encodeHeader,
  FRAME_TYPES,
  type FrameHeader,
  MAX_BINARY_BYTES,
  MAX_JSON_BYTES,
} from '#host/loading/process/frame.js';
import { FrameQueue } from '#host/loading/process/frame-queue.js';
import { BrokenContract, type Message, type Outgoing } from '#host/loading/process/message.js';
import { MessageReader } from '#host/loading/process/message-reader.js';
import { fuzzFrames } from './fuzz-frames.js';

const headers: fc.Arbitrary<FrameHeader> = fc.record({
  type: fc.constantFrom(...FRAME_TYPES),
  id: fc.integer({ min: 0, max: 2 ** 32 - 1 }),
  jsonBytes: fc.integer({ min: 0, max: MAX_JSON_BYTES }),
  binaryBytes: fc.integer({ min: 0, max: MAX_BINARY_BYTES }),
});

const messages: fc.Arbitrary<Outgoing> = fc.record({
  type: fc.constantFrom(...FRAME_TYPES).filter((type) => type !== 'data') as fc.Arbitrary<
    Outgoing['type']
  >,
  id: fc.integer({ min: 0, max: 9 }),
  fields: fc.dictionary(
    fc.string().filter((name) => name !== 'blob' && name !== '__proto__'),
    fc.jsonValue(),
  ),
  blob: fc.array(fc.uint8Array({ maxLength: 50 })),
});

const bytesOf = (message: Outgoing): Uint8Array =>
  Buffer.concat([...encodeMessage(message)].flat());

/** What JSON makes of it: -0 is 0. */
const plain = (value: unknown): unknown => JSON.parse(JSON.stringify(value));

function assertSame(read: Message | undefined, { type, id, fields, blob = [] }: Outgoing): void {
  const { blob: _, ...rest } = (read?.fields ?? {}) as { blob?: number };
  assert.deepEqual([read?.type, read?.id, plain(rest)], [type, id, plain(fields)]);
  assert.deepEqual(
    Buffer.from(read?.blob ?? new ArrayBuffer(0)),
    Buffer.concat(blob as Uint8Array[]),
  );
}

describe('frames', () => {
  it('a header is 24 bytes that decode to itself', () => {
    fc.assert(
      fc.property(headers, (header) => {
        const bytes = encodeHeader(header);
        assert.equal(bytes.length, 24);
        assert.deepEqual(decodeHeader(bytes), { ok: true, header: { ...header } });
      }),
    );
  });

  it('any 24 bytes are a header or refused with a reason', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 24, maxLength: 24 }), (bytes) => {
        const decoded = decodeHeader(bytes);
        if (decoded.ok) assert.deepEqual(encodeHeader(decoded.header), bytes);
        else assert.ok(decoded.reason.length > 0);
      }),
    );
  });

  it('is what the specification says, byte by byte', () => {
    const message: Outgoing = {
      type: 'put',
      id: 3,
      fields: { number: 1 },
      blob: [new Uint8Array([7, 8])],
    };
    const json = Buffer.from('{"number":1,"blob":2}');
    const header = [
      0x56,
      0x58,
      0x46,
      0x31,
      6,
      0,
      0,
      0,
      3,
      0,
      0,
      0,
      json.length,
      0,
      0,
      0,
      2,
      0,
      0,
      0,
      0,
      0,
      0,
      0,
    ];
    assert.deepEqual([...bytesOf(message)], [...header, ...json, 7, 8]);
  });

  it('messages come out as they went in, however the stream is cut', () => {
    fc.assert(
      fc.property(fc.array(messages, { maxLength: 6 }), fc.array(fc.nat(200)), (sent, cuts) => {
        const bytes = Buffer.concat(sent.map(bytesOf));
        const reader = new MessageReader();
        const read: Message[] = [];
        let at = 0;
        for (const cut of [...cuts, bytes.length]) {
          read.push(...reader.push(bytes.subarray(at, at + cut)));
          at += cut;
        }
        assert.equal(read.length, sent.length);
        for (const [n, message] of sent.entries()) assertSame(read[n], message);
        assert.equal(reader.isIdle, true);
      }),
    );
  });

  it('a blob longer than a part goes in data frames, and a cancel between two of them', () => {
    const queue = new FrameQueue();
    const blob = new Uint8Array(2.5 * PART_BYTES).map((_, i) => i % 251);
    let sent = 0;
    queue.add({ type: 'put', id: 1, fields: { number: 1 }, blob: [blob], sent: () => sent++ });
    const frames = [queue.next()];
    queue.add({ type: 'cancel', id: 9, fields: {} });
    for (let frame = queue.next(); frame !== undefined; frame = queue.next()) frames.push(frame);
    assert.equal(frames.length, 4);
    const reader = new MessageReader();
    const read = frames.flatMap((frame) => reader.push(Buffer.concat(frame?.pieces ?? [])));
    assert.deepEqual(
      frames.map((frame) => frame?.sent === undefined),
      [true, true, true, false],
    );
    frames.at(-1)?.sent?.();
    assert.equal(sent, 1);
    assert.deepEqual(
      read.map(({ type, id }) => [type, id]),
      [
        ['cancel', 9],
        ['put', 1],
      ],
    );
    assert.deepEqual(new Uint8Array(read[1]?.blob ?? []), blob);
  });

  const broken: readonly (readonly [string, Uint8Array, RegExp])[] = [
    ['other magic', Buffer.alloc(24, 1), /magic/],
    ['an unknown type', patched(4, 99), /type 99/],
    ['reserved bytes', patched(6, 1), /reserved/],
    ['too long a JSON part', patched(12, 0xffffffff), /JSON part of 4294967295/],
    ['too long a binary part', patched(20, 1), /binary part of/],
    ['JSON that does not parse', raw('{"a":'), /does not parse/],
    ['JSON that is no UTF-8', raw(Buffer.from([0x7b, 0xff, 0x7d])), /does not parse/],
    ['JSON that is no object', raw('[1]'), /no object/],
    ['a negative blob', raw('{"blob":-1}'), /blob of -1/],
    ['a blob of half a byte', raw('{"blob":0.5}'), /blob of 0.5/],
    [
      'data without a blob',
      encodeHeader({ type: 'data', id: 1, jsonBytes: 0, binaryBytes: 0 }),
      /no open blob/,
    ],
    ['a blob that no memory holds', raw('{"blob":9007199254740991}'), /does not fit into memory/],
  ];
  for (const [name, bytes, reason] of broken) {
    it(`refuses ${name}`, () => {
      assert.throws(
        () => new MessageReader().push(bytes),
        (error) => error instanceof BrokenContract && reason.test(error.message),
      );
    });
  }

  it('refuses more data than was announced, and two blobs at once under one id', () => {
    const first = raw('{"blob":4}');
    const data = encodeHeader({ type: 'data', id: 1, jsonBytes: 0, binaryBytes: 5 });
    assert.throws(() => new MessageReader().push(Buffer.concat([first, data])), /more data/);
    assert.throws(() => new MessageReader().push(Buffer.concat([first, first])), /two blobs/);
  });

  it('reads on behind a blob whose memory was given away, at whatever byte', () => {
    const blob = new Uint8Array(PART_BYTES + 40).fill(7);
    const first = bytesOf({ type: 'result', id: 1, fields: {}, blob: [blob] });
    const next = bytesOf({ type: 'result', id: 3, fields: { n: 3 }, blob: [] });
    for (const cut of [0, 24, 30, 60, PART_BYTES, first.length - 1]) {
      const into = new ArrayBuffer(blob.length);
      const reader = new MessageReader(() => ({ buffer: into, offset: 0 }));
      const read = [...reader.push(first.subarray(0, cut))];
      structuredClone(into, { transfer: [into] });
      read.push(...reader.push(first.subarray(cut)), ...reader.push(next));
      assert.deepEqual(
        read.map(({ id }) => id),
        [1, 3],
        `cut at ${cut}`,
      );
      assert.ok(reader.isIdle);
    }
  });

  it('survives mutated streams: messages or a broken contract, nothing else', () => {
    const { read, refused, messages: count } = fuzzFrames(5000, 8);
    assert.equal(read + refused, 5000);
    assert.ok(read > 500 && refused > 500 && count > 500);
  });
});

function patched(offset: number, value: number): Uint8Array {
  const bytes = encodeHeader({ type: 'put', id: 1, jsonBytes: 0, binaryBytes: 0 });
  new DataView(bytes.buffer).setUint32(offset, value, true);
  return bytes;
}

function raw(json: string | Uint8Array): Uint8Array {
  const text = Buffer.from(json);
  const header = encodeHeader({ type: 'put', id: 1, jsonBytes: text.length, binaryBytes: 0 });
  return Buffer.concat([header, text]);
}
