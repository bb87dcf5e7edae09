import assert from 'node:assert/strict';
import { needsFakeDriver } from '../../../support/fake-driver.js';
import { kernelText, type PtxRun, runPtx } from '../../../support/run-ptx.js';

const THREADS = 64;
const REGISTERS = '.reg .pred %p<9>; .reg .b32 %r<9>; .reg .b64 %rd<9>;';
/** %r0 is the thread, %rd0 where its number lies in the buffer. */
const OWN = `${REGISTERS}
	mov.u32 %r0, %tid.x;
	mad.wide.u32 %rd0, %r0, 4, %b0;`;
/** Forwards, backwards, and by chance. */
const ORDERS = [0, 1, 2, 3, 4];

const run = (body: string, changes: Partial<PtxRun> = {}): Uint32Array => {
  const buffers = [new Uint8Array(4 * THREADS)];
  const [bytes] = runPtx({
    text: kernelText(1, body),
    buffers,
    block: [THREADS, 1, 1],
    ...changes,
  });
  return new Uint32Array(bytes?.buffer ?? new ArrayBuffer(0));
};

/** Every thread takes what its neighbour left in shared memory. */
const rotate = (wait: string): string => `.shared .align 4 .b8 box[${4 * THREADS}];
	${OWN}
	.reg .b32 %s<3>;
	shl.b32 %s0, %r0, 2;
	mov.u32 %r1, box;
	add.s32 %s1, %r1, %s0;
	st.shared.u32 [%s1], %r0;
	${wait}
	add.s32 %r2, %r0, 1;
	and.b32 %r2, %r2, ${THREADS - 1};
	shl.b32 %r2, %r2, 2;
	add.s32 %r2, %r2, %r1;
	ld.shared.u32 %r3, [%r2];
	st.global.u32 [%rd0], %r3;`;

describe('threads of the PTX machine', () => {
  needsFakeDriver();

  it('know their index, in the block and the grid', () => {
    const body = `${REGISTERS}
	mov.u32 %r1, %tid.x; mov.u32 %r2, %tid.y; mov.u32 %r3, %ntid.x; mov.u32 %r4, %ctaid.y; mov.u32 %r5, %nctaid.y;
	mad.lo.s32 %r6, %r4, 8, %r2;
	mad.lo.s32 %r6, %r6, %r3, %r1;
	mad.wide.u32 %rd0, %r6, 4, %b0;
	mad.lo.s32 %r6, %r6, 100, %r5;
	st.global.u32 [%rd0], %r6;`;
    for (const order of ORDERS) {
      const found = run(body, { grid: [1, 2, 1], block: [4, 8, 1], order });
      assert.deepEqual(
        [...found],
        Array.from({ length: THREADS }, (_, n) => 100 * n + 2),
      );
    }
  });

  it('go their own ways, and meet again', () => {
    const found = run(`${OWN}
	and.b32 %r1, %r0, 1;
	setp.eq.s32 %p1, %r1, 0;
	@%p1 bra $EVEN;
	mov.u32 %r2, 10;
	bra.uni $END;
$EVEN:
	mov.u32 %r2, 20;
$END:
	@!%p1 add.s32 %r2, %r2, 1;
	st.global.u32 [%rd0], %r2;`);
    assert.deepEqual([...found.subarray(0, 4)], [20, 11, 20, 11]);
  });

  it('wait at a barrier until all are there', () => {
    for (const order of ORDERS) {
      const found = run(rotate('bar.sync 0;'), { order });
      assert.deepEqual(
        [...found],
        Array.from({ length: THREADS }, (_, n) => (n + 1) % THREADS),
      );
    }
  });

  it('have shared memory of their own in every block', () => {
    for (const order of ORDERS) {
      const body = rotate('bar.sync 0;').replace(
        'st.global.u32 [%rd0], %r3;',
        'red.global.add.u32 [%rd0], %r3;',
      );
      const found = run(body, { grid: [3, 1, 1], order });
      assert.deepEqual(
        [...found],
        Array.from({ length: THREADS }, (_, n) => 3 * ((n + 1) % THREADS)),
      );
    }
    // nor is there anything of the block before
    const stale = rotate('bar.sync 0;').replace('st.shared.u32 [%s1], %r0;', '');
    assert.throws(() => run(stale, { grid: [2, 1, 1] }), /byte 0 of 4 was never written/);
  });

  it('race where the barrier is missing, whatever their order', () => {
    for (const order of ORDERS.slice(1))
      assert.throws(
        () => run(rotate(''), { order }),
        /a race with thread \d+ of the block, which (reads|writes) the same byte at PTX line \d+|byte 0 of 4 was never written/,
      );
  });

  it('do not wait for one that never comes', () => {
    const body = `${OWN}
	setp.gt.u32 %p1, %r0, 40;
	@%p1 bra $END;
	bar.sync 0;
$END:`;
    assert.throws(() => run(body), /a barrier that not every thread of the block comes to/);
  });

  it('add atomically to what they share, and race where they do not', () => {
    for (const order of ORDERS) {
      const [sum] = run(`${OWN}\n\tatom.global.add.u32 %r1, [%b0], %r0;`, { order });
      assert.equal(sum, (THREADS * (THREADS - 1)) / 2);
    }
    const plain = `${OWN}\n\tld.global.u32 %r1, [%b0];\n\tadd.s32 %r1, %r1, %r0;\n\tst.global.u32 [%b0], %r1;`;
    assert.throws(
      () => run(plain),
      /a race with .*, which (reads|writes) the same byte at PTX line 1[46]/,
    );
    const mixed = `${OWN}\n\tred.global.add.u32 [%b0], %r0;\n\tld.global.u32 %r1, [%b0];`;
    assert.throws(() => run(mixed), /a race with/);
  });

  it('of one block see nothing of another’s but what is atomic', () => {
    const body = `${OWN}\n\tst.global.u32 [%rd0], 1;`;
    assert.throws(() => run(body, { grid: [2, 1, 1] }), /a race with a thread of another block/);
    // read by one block and written by the next
    const readers = `${OWN}
	mov.u32 %r1, %ctaid.x;
	setp.eq.s32 %p1, %r1, 0;
	@%p1 ld.global.u32 %r2, [%rd0];
	@!%p1 st.global.u32 [%rd0], 1;`;
    for (const order of ORDERS)
      assert.throws(() => run(readers, { grid: [2, 1, 1], order }), /a race with/);
  });

  it('may read alike, and write alone, as often as they like', () => {
    const body = `${OWN}
	ld.global.u32 %r1, [%b0];
	bar.sync 0;
	st.global.u32 [%rd0], %r0;
	bar.sync 0;
	ld.global.u32 %r1, [%b0+4];
	st.global.u32 [%rd0], %r1;`;
    assert.throws(() => run(body), /a race with/); // thread 1 writes what all read
    const settled = body.replace('st.global.u32 [%rd0], %r1;', '');
    assert.deepEqual([...run(settled).subarray(0, 3)], [0, 1, 2]);
  });

  it('that do not end are stopped', () => {
    assert.throws(
      () => run(`${OWN}\n$ON:\n\tbra.uni $ON;`, { block: [1, 1, 1] }),
      /the thread does not end/,
    );
  });

  it('are no more than .maxntid says', () => {
    const text = kernelText(1, OWN).replace('\n)\n{', '\n)\n.maxntid 32, 1, 1\n{');
    assert.throws(
      () => runPtx({ text, buffers: [new Uint8Array(8)], block: [64, 1, 1] }),
      /more threads than \.maxntid/,
    );
  });

  it('by chance take other turns, which shows where the order matters', () => {
    // exchange: the last to come stays
    const body = `${OWN}\n\tatom.global.exch.b32 %r1, [%b0], %r0;`;
    const last = ORDERS.map((order) => run(body, { order })[0]);
    assert.deepEqual(last.slice(0, 2), [THREADS - 1, 0]);
    assert.ok(new Set(last).size > 2, `${last}`);
    assert.deepEqual(run(body, { order: 3 })[0], last[3]);
  });
});
