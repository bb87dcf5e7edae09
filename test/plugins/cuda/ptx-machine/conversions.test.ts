import assert from 'node:assert/strict';
import { needsFakeDriver } from '../../../support/fake-driver.js';
import { evaluate } from '../../../support/run-ptx.js';

const NUMBERS = [-2.5, -1.5, -0.5, -0.2, 0.5, 1.5, 2.5, 7.9];

/** Half to even: Math.round goes up. */
const toEven = (x: number): number => {
  const below = Math.floor(x);
  const even = x - below === 0.5 ? below + Math.abs(below % 2) : Math.round(x);
  return even === 0 && x < 0 ? -0 : even;
};

const ROUNDINGS: Readonly<Record<string, (x: number) => number>> = {
  rni: toEven,
  rzi: Math.trunc,
  rmi: Math.floor,
  rpi: Math.ceil,
};

describe('cvt of the PTX machine', () => {
  needsFakeDriver();

  for (const [name, round] of Object.entries(ROUNDINGS)) {
    it(`.${name} to a whole number, or to a float that is one`, () => {
      const rows = NUMBERS.map((x) => [x]);
      const right = NUMBERS.map(round);
      assert.deepEqual(
        evaluate(`cvt.${name}.s32.f64`, ['s32', 'f64'], rows),
        right.map((x) => x + 0),
      );
      assert.deepEqual(evaluate(`cvt.${name}.f64.f64`, ['f64', 'f64'], rows), right);
      assert.deepEqual(
        evaluate(
          `cvt.${name}.f32.f32`,
          ['f32', 'f32'],
          rows.map(([x = 0]) => [Math.fround(x)]),
        ),
        right,
      );
    });
  }

  it('holds what is out of range at its end', () => {
    const rows = [[1e300], [-1e300], [Infinity], [-Infinity], [2 ** 31], [-(2 ** 31) - 1]];
    const [most, least] = [2 ** 31 - 1, -(2 ** 31)];
    assert.deepEqual(evaluate('cvt.rzi.s32.f64', ['s32', 'f64'], rows), [
      most,
      least,
      most,
      least,
      most,
      least,
    ]);
    assert.deepEqual(evaluate('cvt.rzi.u32.f32', ['u32', 'f32'], [[-1], [2 ** 32], [300]]), [
      0,
      2 ** 32 - 1,
      300,
    ]);
    assert.deepEqual(evaluate('cvt.rni.s64.f64', ['s64', 'f64'], [[2 ** 63], [-(2 ** 70)]]), [
      2n ** 63n - 1n,
      -(2n ** 63n),
    ]);
  });

  it('of NaN is 0, of 64 bits the value of the highest bit', () => {
    const row = [[Number.NaN]];
    assert.deepEqual(evaluate('cvt.rzi.s32.f32', ['s32', 'f32'], row), [0]);
    assert.deepEqual(evaluate('cvt.rzi.s32.f64', ['s32', 'f64'], row), [-(2 ** 31)]);
    assert.deepEqual(evaluate('cvt.rzi.u64.f32', ['u64', 'f32'], row), [2n ** 63n]);
  });

  it('to fewer digits rounds as it says', () => {
    const x = 1 + 2 ** -24; // a tie of float32
    for (const [mode, right] of [
      ['rn', 1],
      ['rz', 1],
      ['rm', 1],
      ['rp', 1 + 2 ** -23],
    ] as const)
      assert.deepEqual(evaluate(`cvt.${mode}.f32.f64`, ['f32', 'f64'], [[x]]), [right]);
    assert.deepEqual(evaluate('cvt.rn.f32.s32', ['f32', 's32'], [[2 ** 24 + 1]]), [2 ** 24]);
    assert.deepEqual(evaluate('cvt.rp.f64.u64', ['f64', 'u64'], [[2n ** 53n + 1n]]), [2 ** 53 + 2]);
  });
});

/** A comparison by its name, of numbers alone, and whether a NaN makes it true. */
const COMPARISONS: readonly (readonly [string, (a: number, b: number) => boolean, boolean])[] = [
  ['eq', (a, b) => a === b, false],
  ['ne', (a, b) => a !== b, false],
  ['lt', (a, b) => a < b, false],
  ['le', (a, b) => a <= b, false],
  ['gt', (a, b) => a > b, false],
  ['ge', (a, b) => a >= b, false],
  ['equ', (a, b) => a === b, true],
  ['neu', (a, b) => a !== b, true],
  ['ltu', (a, b) => a < b, true],
  ['leu', (a, b) => a <= b, true],
  ['gtu', (a, b) => a > b, true],
  ['geu', (a, b) => a >= b, true],
  ['num', () => true, false],
  ['nan', () => false, true],
];

describe('setp and selp of the PTX machine', () => {
  needsFakeDriver();

  it('compare floats, a NaN as the opcode says', () => {
    const rows = [
      [1, 2],
      [2, 1],
      [2, 2],
      [-0, 0],
      [Number.NaN, 1],
      [1, Number.NaN],
    ] as const;
    for (const [name, holds, ofNan] of COMPARISONS) {
      const right = rows.map(([a, b]) => ((Number.isNaN(a + b) ? ofNan : holds(a, b)) ? 1 : 0));
      assert.deepEqual(evaluate(`setp.${name}.f64`, ['pred', 'f64', 'f64'], rows), right, name);
      assert.deepEqual(evaluate(`setp.${name}.f32`, ['pred', 'f32', 'f32'], rows), right, name);
    }
  });

  it('compare whole numbers with or without a sign, and join another predicate', () => {
    assert.deepEqual(evaluate('setp.lt.s32', ['pred', 's32', 's32'], [[-1, 1]]), [1]);
    assert.deepEqual(evaluate('setp.lt.u32', ['pred', 'u32', 'u32'], [[-1, 1]]), [0]);
    const rows = [
      [1, 2, 0],
      [1, 2, 1],
      [2, 1, 1],
    ];
    const types = ['pred', 's32', 's32', 'pred'];
    assert.deepEqual(evaluate('setp.lt.and.s32', types, rows), [0, 1, 0]);
    assert.deepEqual(evaluate('setp.lt.xor.s32', types, rows), [1, 0, 1]);
  });

  it('select by a predicate', () => {
    assert.deepEqual(
      evaluate(
        'selp.f64',
        ['f64', 'f64', 'f64', 'pred'],
        [
          [1, 2, 1],
          [1, 2, 0],
        ],
      ),
      [1, 2],
    );
  });
});
