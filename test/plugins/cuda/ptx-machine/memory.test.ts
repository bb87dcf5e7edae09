import assert from 'node:assert/strict';
import { needsFakeDriver } from '../../../support/fake-driver.js';
import { kernelText, type PtxRun, runPtx } from '../../../support/run-ptx.js';

/** A kernel of one buffer of 64 bytes, which are all written, unless told otherwise. */
const run = (body: string, changes: Partial<PtxRun> = {}, before = ''): readonly Uint8Array[] =>
  runPtx({ text: kernelText(1, body, before), buffers: [new Uint8Array(64).fill(7)], ...changes });

const REGISTERS = '.reg .b32 %r<9>; .reg .b64 %rd<9>;';

describe('memory of the PTX machine', () => {
  needsFakeDriver();

  it('is what the host put there, and what a kernel stores', () => {
    const [bytes] = run(`${REGISTERS}
	ld.global.v2.u32 {%r1, %r2}, [%b0+8];
	add.s32 %r1, %r1, %r2;
	st.global.u32 [%b0+60], %r1;`);
    assert.deepEqual([...(bytes?.subarray(56) ?? [])], [7, 7, 7, 7, 14, 14, 14, 14]);
  });

  it('beyond an allocation is refused, with kernel, line and thread', () => {
    const at = (offset: number) => () => run(`${REGISTERS}\n\tld.global.u32 %r1, [%b0+${offset}];`);
    assert.throws(
      at(64),
      /k, PTX line 12 `ld\.global\.u32 %r1, \[%b0\+64\];`, thread \(0, 0, 0\) of block \(0, 0, 0\): no live allocation holds 4 bytes/,
    );
    assert.throws(at(-4), /no live allocation/);
    assert.throws(() => run(`${REGISTERS}\n\tst.global.u32 [0], %r1;`), /no live allocation/);
    at(60)();
  });

  it('is refused where the address is no multiple of the whole access', () => {
    assert.throws(
      () => run(`${REGISTERS}\n\tld.global.u32 %r1, [%b0+2];`),
      /is not a multiple of 4/,
    );
    const pair = `${REGISTERS}\n\tld.global.v2.u32 {%r1, %r2}, [%b0+4];`;
    assert.throws(() => run(pair), /is not a multiple of 8/);
  });

  it('that nobody wrote is not read, nor copied to the host', () => {
    const load = `${REGISTERS}\n\tld.global.u32 %r1, [%b0];`;
    assert.throws(() => run(load, { buffers: [64] }), /byte 0 of 4 was never written/);
    const store = `${REGISTERS}\n\tst.global.u32 [%b0], 5;`;
    assert.throws(() => run(store, { buffers: [8] }), /a copy of what no kernel wrote: byte 4/);
    assert.deepEqual(run(store, { buffers: [4] }), [Uint8Array.of(5, 0, 0, 0)]);
  });

  it('of another state space than the opcode names is refused', () => {
    const local = `.local .align 8 .b8 mine[8]; ${REGISTERS}
	mov.u64 %rd1, mine;
	cvta.local.u64 %rd2, %rd1;`;
    assert.throws(() => run(`${local}\n\tst.global.u32 [%rd2], 1;`), /another space/);
    assert.throws(
      () => run(`${local}\n\tcvta.to.global.u64 %rd3, %rd2;`),
      /no address of that space/,
    );
    assert.throws(
      () => run(`${local}\n\tcvta.to.local.u64 %rd3, %b0;`),
      /no address of that space/,
    );
    const [bytes] = run(`${local}
	st.u32 [%rd2+4], 9;
	ld.local.u32 %r1, [%rd1+4];
	st.u32 [%b0], %r1;`);
    assert.equal(bytes?.[0], 9);
  });

  it('of a frame ends with it', () => {
    const local = `.local .align 8 .b8 mine[8]; ${REGISTERS}\n\tmov.u64 %rd1, mine;`;
    assert.throws(
      () => run(`${local}\n\tst.local.u32 [%rd1+8], 1;`),
      /no frame's local memory holds/,
    );
  });

  it('of a block ends with what its kernel declares, and is no more than every device has', () => {
    const shared = (bytes: number): string => `.shared .align 4 .b8 box[${bytes}]; ${REGISTERS}`;
    assert.throws(
      () => run(`${shared(8)}\n\tmov.u64 %rd1, box;\n\tst.shared.u32 [%rd1+8], 1;`),
      /the block has no shared memory at 0x8/,
    );
    assert.throws(() => run(shared(49156)), /more shared memory than a block has/);
  });

  it('of parameters and variables is held to their size when the text is read', () => {
    assert.throws(
      () => run(`${REGISTERS}\n\tld.param.u64 %rd1, [k_param_0+8];`),
      /PTX line 12: `ld\.param\.u64` beyond its variable/,
    );
    assert.throws(
      () => run(`${REGISTERS}\n\tld.param.u32 %r1, [k_param_0+2];`),
      /is not a multiple of 4/,
    );
  });

  it('of the module has the values of the text', () => {
    const table = '.global .align 8 .b8 table[8] = {1, 2, 3, 4};';
    const [bytes] = run(
      `${REGISTERS}
	mov.u64 %rd1, table;
	ld.global.nc.u64 %rd2, [%rd1];
	st.global.u64 [%b0], %rd2;`,
      {},
      table,
    );
    assert.deepEqual([...(bytes?.subarray(0, 8) ?? [])], [1, 2, 3, 4, 0, 0, 0, 0]);
  });

  it('that a launch writes is not read through the read-only cache', () => {
    const body = `${REGISTERS}\n\tst.global.u32 [%b0], 1;\n\tld.global.nc.u32 %r1, [%b0];`;
    assert.throws(() => run(body), /read through the read-only cache of what this launch writes/);
  });

  it('passes through calls, structs and results alike', () => {
    const callee = `.func (.param .align 16 .b8 out[16]) twice(.param .align 16 .b8 in[16])
{
	.reg .b64 %rd<3>;
	ld.param.v2.u64 {%rd1, %rd2}, [in];
	add.s64 %rd1, %rd1, %rd1;
	st.param.v2.u64 [out+0], {%rd2, %rd1};
	ret;
}`;
    const body = `${REGISTERS}
	{
	.param .align 16 .b8 param0[16];
	st.param.u64 [param0+0], 21;
	st.param.u64 [param0+8], 5;
	.param .align 16 .b8 retval0[16];
	call.uni (retval0), twice, (param0);
	ld.param.v2.u64 {%rd1, %rd2}, [retval0+0];
	}
	st.global.v2.u64 [%b0], {%rd1, %rd2};`;
    const [bytes] = run(body, {}, callee);
    assert.deepEqual(
      [...new BigUint64Array(bytes?.slice(0, 16).buffer ?? new ArrayBuffer(0))],
      [5n, 42n],
    );
    const half = body.replace('st.param.u64 [param0+8], 5;', '');
    assert.throws(
      () => run(half, {}, callee),
      /k within twice, PTX line 7 .*: byte 8 of 16 was never written/,
    );
  });
});
