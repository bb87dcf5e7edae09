import assert from 'node:assert/strict';
import { defineStruct } from '#cuda/c-layout.js';
import { packArguments } from '#cuda/pack-arguments.js';
import { parsePtx } from '#cuda/ptx.js';
import { compiledPtx, openFakeDriver, whyNoFakeDriver } from '../../support/fake-driver.js';
import { skipBecause } from '../../support/skip-because.js';

const TEXT = `.version 6.3
.target sm_75
.visible .entry two(
	.param .u64 two_param_0,
	.param .align 8 .b8 two_param_1[20]
)
{ ret; }
.visible .entry none()
{ ret; }`;

describe('the arguments of a CUDA kernel', () => {
  it('are what the PTX declares: number, order, alignment and size', () => {
    const { version, entries } = parsePtx(TEXT);
    assert.equal(version, '6.3');
    assert.deepEqual(entries.get('two'), [
      { align: 8, size: 8 },
      { align: 8, size: 20 },
    ]);
    assert.deepEqual(entries.get('none'), []);
  });

  it('are laid out by alignment', () => {
    const declared = [
      { align: 4, size: 4 },
      { align: 8, size: 8 },
    ];
    const packed = packArguments('k', declared, [
      Uint8Array.of(1, 2, 3, 4),
      Uint8Array.of(5, 6, 7, 8, 9, 10, 11, 12),
    ]);
    assert.deepEqual([...packed], [1, 2, 3, 4, 0, 0, 0, 0, 5, 6, 7, 8, 9, 10, 11, 12]);
  });

  it('of another number, order or size are refused', () => {
    const declared = [
      { align: 8, size: 8 },
      { align: 8, size: 16 },
    ];
    const [small, large] = [new Uint8Array(8), new Uint8Array(16)];
    assert.throws(() => packArguments('k', declared, [small]), /\[8,16\] bytes, not \[8\]/);
    assert.throws(() => packArguments('k', declared, [large, small]), /not \[16,8\]/);
    assert.throws(() => packArguments('k', declared, [small, small]), /not \[8,8\]/);
  });

  it('have their fields where C has them', () => {
    const struct = defineStruct({ a: 'int32', b: 'double', c: ['int32', 3] });
    assert.equal(struct.bytes, 32); // 4, 4 of padding, 8, 12, 4 of padding
    const view = new DataView(struct.pack({ a: -1, b: 2.5, c: [3, 4, 5] }).buffer);
    assert.deepEqual(
      [view.getInt32(0, true), view.getFloat64(8, true), view.getInt32(24, true)],
      [-1, 2.5, 5],
    );
  });

  it('are of the same number, order and size for nvcc as for the compiler of the fake driver', function () {
    const reason = whyNoFakeDriver();
    if (reason !== undefined) skipBecause(this, reason);
    const ptx = compiledPtx();
    if (ptx === undefined) skipBecause(this, 'nvcc is not here');
    const byName = (text: string) => [...parsePtx(text).entries].sort();
    assert.deepEqual(byName(ptx), byName(openFakeDriver().skeleton()));
    assert.ok(parsePtx(ptx).entries.size > 20);
  });
});
