import assert from 'node:assert/strict';
import { needsFakeDriver } from '../../../support/fake-driver.js';
import { kernelText, runPtx } from '../../../support/run-ptx.js';

const read = (body: string, before = ''): unknown =>
  runPtx({ text: kernelText(1, body, before), buffers: [new Uint8Array(8)] });

const REGISTERS =
  '.reg .pred %p<3>; .reg .b32 %r<3>; .reg .b64 %rd<3>; .reg .f32 %f<3>; .reg .f64 %fd<3>;';

describe('a text that the PTX machine does not know', () => {
  needsFakeDriver();

  it('is refused when it is loaded, by line and instruction', () => {
    assert.throws(
      () => read(`${REGISTERS}\n\tvadd4.u32.u32.u32 %r1, %r1, %r2, %r1;`),
      /PTX line 12: the machine does not know `vadd4\.u32\.u32\.u32`/,
    );
    assert.throws(
      () => read(`${REGISTERS}\n\tadd.s32 %r1, %r2;`),
      /line 12: the machine does not know `add\.s32` with such operands/,
    );
    assert.throws(
      () => read(`${REGISTERS}\n\tld.global.cv.u32 %r1, [%b0];`),
      /does not know `ld\.global\.cv\.u32`/,
    );
    assert.throws(() => read(`${REGISTERS}\n\tmov.u32 %r1, %clock;`), /does not know %clock/);
    assert.throws(() => read('\t.tex .u64 picture;'), /does not know \.tex/);
  });

  it('is refused where a device, or its compiler, has a choice of bits', () => {
    for (const opcode of ['mul.f32', 'add.f32', 'div.approx.f32', 'div.full.f32'])
      assert.throws(
        () => read(`${REGISTERS}\n\t${opcode} %f1, %f1, %f2;`),
        /the machine does not know/,
      );
    for (const opcode of ['ex2.approx.f32', 'lg2.approx.f32', 'sqrt.approx.f32'])
      assert.throws(() => read(`${REGISTERS}\n\t${opcode} %f1, %f2;`), /the machine does not know/);
  });

  it('is refused for names that are nowhere', () => {
    assert.throws(() => read('\tmov.u32 %r9, %q1;'), /does not know|there is no register/);
    assert.throws(() => read(`${REGISTERS}\n\tbra $NOWHERE;`), /there is no label \$NOWHERE/);
    assert.throws(() => read('\tcall.uni nothing, ();'), /there is no function nothing/);
    assert.throws(() => read(`${REGISTERS}\n\tmov.u32 %r1, %r3;`), /does not know %r3/);
  });

  it('is refused where a function calls itself, since its stack has no size', () => {
    const endless = '.func again()\n{\n\tcall.uni again, ();\n\tret;\n}';
    assert.throws(() => read('\tcall.uni again, ();', endless), /again calls itself/);
  });

  it('is refused for a call with other parameters than are declared', () => {
    const callee = '.func take(.param .b64 a)\n{\n\tret;\n}';
    const body =
      '\t{\n\t.param .b32 param0;\n\tst.param.b32 [param0], 1;\n\tcall.uni take, (param0);\n\t}';
    assert.throws(() => read(body, callee), /a call of take with other parameters/);
  });

  it('has names in braces that hide those outside', () => {
    const body = `${REGISTERS}
	mov.u32 %r1, 1;
	{
	.reg .u32 %r1;
	mov.u32 %r1, 2;
	}
	st.global.u32 [%b0], %r1;
	st.global.u32 [%b0+4], 3;`;
    assert.deepEqual(read(body), [Uint8Array.of(1, 0, 0, 0, 3, 0, 0, 0)]);
  });
});
