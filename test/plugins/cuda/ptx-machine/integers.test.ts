import assert from 'node:assert/strict';
import fc from 'fast-check';
import { needsFakeDriver } from '../../../support/fake-driver.js';
import { evaluate } from '../../../support/run-ptx.js';

/** Brings a whole number into a type's range, modulo 2^bits. */
const wrap = (type: string, value: bigint): bigint => {
  const bits = Number(type.slice(1));
  return type.startsWith('s') ? BigInt.asIntN(bits, value) : BigInt.asUintN(bits, value);
};

type Formula = (a: bigint, b: bigint, c: bigint) => bigint;

const bitsOf = (type: string): bigint => BigInt(type.slice(1));
const least = (a: bigint, b: bigint): bigint => (a < b ? a : b);

/** PTX ISA, Integer Arithmetic Instructions: exact, then modulo 2^n. */
const EXACT: Readonly<Record<string, (type: string) => Formula>> = {
  add: () => (a, b) => a + b,
  sub: () => (a, b) => a - b,
  'mul.lo': () => (a, b) => a * b,
  'mul.hi': (type) => (a, b) => (a * b) >> bitsOf(type),
  div: () => (a, b) => a / b,
  rem: () => (a, b) => a % b,
  min: () => least,
  max: () => (a, b) => a + b - least(a, b),
  'mad.lo': () => (a, b, c) => a * b + c,
};

const TYPES = ['u16', 's16', 'u32', 's32', 'u64', 's64'];
const ROWS = 64;

/** Values of a type, its ends among them. */
const anyOf = (type: string) => {
  const bits = Number(type.slice(1));
  return type.startsWith('s')
    ? fc.bigInt(-(1n << BigInt(bits - 1)), (1n << BigInt(bits - 1)) - 1n)
    : fc.bigInt(0n, (1n << BigInt(bits)) - 1n);
};

/** The same rows in every run. */
const rowsOf = (type: string): readonly (readonly [bigint, bigint, bigint])[] =>
  fc.sample(
    fc.tuple(
      anyOf(type),
      anyOf(type).filter((b) => b !== 0n),
      anyOf(type),
    ),
    { seed: 10, numRuns: ROWS },
  );

describe('the PTX machine on whole numbers', () => {
  needsFakeDriver();

  for (const [name, formula] of Object.entries(EXACT)) {
    it(`${name} is exact modulo 2^n, in every type`, () => {
      for (const type of TYPES) {
        const rows = rowsOf(type);
        const sources = name.startsWith('mad') ? [type, type, type] : [type, type];
        const found = evaluate(`${name}.${type}`, [type, ...sources], rows);
        const right = rows.map(([a, b, c]) => wrap(type, formula(type)(a, b, c)));
        assert.deepEqual(found.map(BigInt), right, type);
      }
    });
  }

  it('mul.wide has twice the bits', () => {
    for (const [type, wide] of [
      ['u16', 'u32'],
      ['s16', 's32'],
      ['u32', 'u64'],
      ['s32', 's64'],
    ] as const) {
      const rows = rowsOf(type);
      const found = evaluate(`mul.wide.${type}`, [wide, type, type], rows);
      assert.deepEqual(
        found.map(BigInt),
        rows.map(([a, b]) => a * b),
        type,
      );
    }
  });

  it('shifts by the width, or by more, leave nothing but the sign', () => {
    const by = [0, 1, 31, 32, 33, 4000000000];
    const rows = by.map((n) => [-6, n]);
    assert.deepEqual(evaluate('shr.s32', ['s32', 's32', 'u32'], rows), [-6, -3, -1, -1, -1, -1]);
    assert.deepEqual(
      evaluate('shr.u32', ['u32', 'u32', 'u32'], rows),
      [0xfffffffa, 0x7ffffffd, 1, 0, 0, 0],
    );
    assert.deepEqual(
      evaluate('shl.b32', ['u32', 'u32', 'u32'], rows),
      [0xfffffffa, 0xfffffff4, 0, 0, 0, 0],
    );
  });

  it('fields of bits are taken out, with their sign or not, and put in', () => {
    const types = ['u32', 'u32', 'u32'];
    const [a, at] = [0xabcd1280, 4];
    assert.deepEqual(
      evaluate(
        'bfe.u32',
        ['u32', ...types],
        [
          [a, at, 8],
          [a, 28, 8],
          [a, 40, 8],
        ],
      ),
      [0x28, 0xa, 0],
    );
    const signed = evaluate(
      'bfe.s32',
      ['s32', 's32', 'u32', 'u32'],
      [
        [a, at, 4],
        [a, 28, 8],
        [a, 40, 1],
        [a, 0, 0],
      ],
    );
    assert.deepEqual(signed, [-8, -6, -1, 0]);
    const into = ['b32', 'b32', 'b32', 'u32', 'u32'];
    assert.deepEqual(
      evaluate('bfi.b32', into, [
        [0xff, a, at, 4],
        [0xff, a, 28, 8],
        [1, a, 32, 1],
      ]),
      [0xabcd12f0, 0xfbcd1280, a],
    );
    const wide = ['b64', 'b64', 'b64', 'u32', 'u32'];
    assert.deepEqual(evaluate('bfi.b64', wide, [[5n, 1n, 32, 32]]), [(5n << 32n) | 1n]);
  });

  it('bytes and words are shifted through and permuted', () => {
    const types = ['u32', 'u32', 'u32', 'u32'];
    const [a, b] = [0x81020304, 0x05060708];
    assert.deepEqual(
      evaluate('shf.l.wrap.b32', types, [
        [a, b, 8],
        [a, b, 32],
      ]),
      [0x06070881, b],
    );
    assert.deepEqual(
      evaluate('shf.r.clamp.b32', types, [
        [a, b, 8],
        [a, b, 40],
      ]),
      [0x08810203, b],
    );
    assert.deepEqual(evaluate('prmt.b32', types, [[a, b, 0x7b03]]), [0x05ff0481]);
    assert.deepEqual(evaluate('brev.b32', ['u32', 'u32'], [[1]]), [0x80000000]);
  });

  it('leading zeros of nothing are the width', () => {
    assert.deepEqual(evaluate('clz.b64', ['u32', 'b64'], [[0n], [1n], [-1n]]), [64, 63, 0]);
  });

  it('a type narrower than its register is extended by its sign', () => {
    assert.deepEqual(evaluate('cvt.s16.s8', ['s16', 's8'], [[-128], [127]]), [-128, 127]);
    assert.deepEqual(evaluate('cvt.u32.u8', ['u32', 'u8'], [[0xff]]), [255]);
    assert.deepEqual(evaluate('cvt.s64.s32', ['s64', 's32'], [[-5]]), [-5n]);
  });

  it('.sat holds a conversion within its range', () => {
    assert.deepEqual(evaluate('cvt.sat.u8.s32', ['u8', 's32'], [[-1], [256], [7]]), [0, 255, 7]);
    assert.deepEqual(evaluate('cvt.u8.s32', ['u8', 's32'], [[-1], [256], [7]]), [255, 0, 7]);
    assert.deepEqual(evaluate('cvt.sat.s32.u64', ['s32', 'u64'], [[-1n]]), [2147483647]);
  });

  it('a division by zero is refused, since it may give anything', () => {
    assert.throws(() => evaluate('div.s32', ['s32', 's32', 's32'], [[1, 0]]), /division by zero/);
  });
});
