import assert from 'node:assert/strict';
import fc from 'fast-check';
import { needsFakeDriver } from '../../../support/fake-driver.js';
import { evaluate } from '../../../support/run-ptx.js';

const { fround } = Math;

/** Bits of any number, NaN, infinities, zeros of both signs and subnormals among them; the same in every run. */
const doubles = (count: number): readonly number[] => [
  ...[0, -0, Number.NaN, Infinity, -Infinity, 1, -1, 5e-324, 2 ** -149, 0.5, 1.5, 2.5, -2.5],
  ...fc.sample(fc.double(), { seed: 10, numRuns: count }),
];
const pairs = (values: readonly number[]): readonly (readonly [number, number])[] =>
  values.flatMap((a, k) => [
    [a, values[(k * 7 + 3) % values.length] ?? 0] as const,
    [a, a] as const,
  ]);

/** Of every NaN the same text, of zeros their sign. */
const text = (values: Iterable<unknown>): readonly string[] =>
  Array.from(values, (value) => (Object.is(value, -0) ? '-0' : String(value)));

const BINARY: Readonly<Record<string, (a: number, b: number) => number>> = {
  add: (a, b) => a + b,
  sub: (a, b) => a - b,
  mul: (a, b) => a * b,
  div: (a, b) => a / b,
};

/** 1 + 2^-12: its square, 1 + 2^-11 + 2^-24, is a tie of float32. */
const EDGE = 1 + 2 ** -12;
const SQUARE = 1 + 2 ** -11;

describe('the PTX machine on floats', () => {
  needsFakeDriver();

  for (const [name, formula] of Object.entries(BINARY)) {
    it(`${name}.rn rounds to nearest, ties to even, as this language does`, () => {
      const rows = pairs(doubles(100));
      const found = evaluate(`${name}.rn.f64`, ['f64', 'f64', 'f64'], rows);
      assert.deepEqual(text(found), text(rows.map(([a, b]) => formula(a, b))));
      // float64 has more than twice the digits of float32: rounding to it first does not show
      const short = rows.map(([a, b]) => [fround(a), fround(b)] as const);
      const single = evaluate(`${name}.rn.f32`, ['f32', 'f32', 'f32'], short);
      assert.deepEqual(text(single), text(short.map(([a, b]) => fround(formula(a, b)))));
    });
  }

  it('fma.rn rounds once, a product and a sum twice', () => {
    const [fused] = evaluate('fma.rn.f32', ['f32', 'f32', 'f32', 'f32'], [[EDGE, EDGE, -SQUARE]]);
    assert.equal(fused, 2 ** -24);
    const [product] = evaluate('mul.rn.f32', ['f32', 'f32', 'f32'], [[EDGE, EDGE]]);
    assert.equal(product, SQUARE);
    const wide = 1 + 2 ** -30;
    const row = [wide, wide, -(1 + 2 ** -29)];
    assert.deepEqual(evaluate('fma.rn.f64', ['f64', 'f64', 'f64', 'f64'], [row]), [2 ** -60]);
  });

  it('rounds to 0, down and up where the opcode says so', () => {
    const rows = [
      [1, 2 ** -30],
      [-1, -(2 ** -30)],
    ];
    const by = (mode: string) => evaluate(`add.${mode}.f32`, ['f32', 'f32', 'f32'], rows);
    const step = 2 ** -23;
    assert.deepEqual(by('rn'), [1, -1]);
    assert.deepEqual(by('rz'), [1, -1]);
    assert.deepEqual(by('rm'), [1, -1 - step]);
    assert.deepEqual(by('rp'), [1 + step, -1]);
    assert.deepEqual(evaluate('div.rp.f64', ['f64', 'f64', 'f64'], [[1, 3]]), [1 / 3 + 2 ** -54]);
    assert.deepEqual(by('rn'), [1, -1]); // and leaves no mode behind
  });

  it('keeps subnormals, and with .ftz takes and leaves zeros of their sign', () => {
    const tiny = 2 ** -140;
    const [kept] = evaluate('mul.rn.f32', ['f32', 'f32', 'f32'], [[tiny, 1]]);
    assert.equal(kept, tiny);
    const flushed = evaluate(
      'mul.rn.ftz.f32',
      ['f32', 'f32', 'f32'],
      [
        [-tiny, 1],
        [2 ** -100, 2 ** -40],
      ],
    );
    assert.deepEqual(text(flushed), ['-0', '0']);
  });

  it('sqrt.rn is the correctly rounded root', () => {
    const rows = doubles(50).map((a) => [a]);
    assert.deepEqual(
      text(evaluate('sqrt.rn.f64', ['f64', 'f64'], rows)),
      text(rows.map(([a = 0]) => Math.sqrt(a))),
    );
  });

  it('of a number and a NaN min and max are the number, and -0 is below 0', () => {
    const rows = [
      [Number.NaN, 2],
      [2, Number.NaN],
      [-0, 0],
      [0, -0],
      [3, -4],
    ];
    assert.deepEqual(text(evaluate('min.f64', ['f64', 'f64', 'f64'], rows)), [
      '2',
      '2',
      '-0',
      '-0',
      '-4',
    ]);
    assert.deepEqual(text(evaluate('max.f64', ['f64', 'f64', 'f64'], rows)), [
      '2',
      '2',
      '0',
      '0',
      '3',
    ]);
  });

  it('copysign has the sign of its first source', () => {
    assert.deepEqual(
      text(
        evaluate(
          'copysign.f64',
          ['f64', 'f64', 'f64'],
          [
            [-0, 5],
            [1, -7],
          ],
        ),
      ),
      ['-5', '7'],
    );
  });

  it('a NaN of float32 is the canonical one', () => {
    const [bits] = evaluate('add.rn.f32', ['b32', 'b32', 'b32'], [[0xffc00001, 0]]);
    assert.equal(bits, 0x7fffffff);
  });
});
