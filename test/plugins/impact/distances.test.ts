import assert from 'node:assert/strict';
import fc from 'fast-check';
import {
  DISTANCE_NAMES,
  DISTANCES,
  type DistanceName,
  type FeaturePair,
  isDistanceName,
} from '#impact/distances/index.js';
import { goldenJson } from './shared-golden.js';

interface LossCase {
  readonly name: string;
  readonly N: number;
  readonly C: number;
  readonly fixed: number[][];
  readonly moving: number[][];
  readonly distances: { readonly [name: string]: { value: number; grad: number[][] } };
}

/** The golden values come from float64 code, so only the order of sums differs. */
const RELATIVE = 1e-9;
const ABSOLUTE = 1e-12;

/** Central differences of step h err by h² and by 1e-16 / h; smooth distances of values near 1 stay below this. */
const STEP = 1e-5;
const DIFFERENCES = 1e-8;

function evaluate(name: DistanceName, fixed: Float64Array, moving: Float64Array, channels: number) {
  const samples = moving.length / channels;
  const modulator = new Float64Array(moving.length);
  const distance = DISTANCES[name];
  const sum = distance.evaluate({ fixed, moving, samples, channels }, modulator);
  const divisor = distance.scope === 'sample' ? samples : 1;
  return { value: sum / divisor, gradient: modulator.map((u) => u / divisor) };
}

function summed(name: DistanceName, pair: FeaturePair) {
  const modulator = new Float64Array(pair.moving.length);
  return { sum: DISTANCES[name].evaluate(pair, modulator), modulator };
}

const isClose = (a: number, b: number): boolean =>
  Math.abs(a - b) <= ABSOLUTE + RELATIVE * Math.abs(b);

describe('impact distances', () => {
  it('give the golden values and derivatives to 1e-9', function () {
    const { cases } = goldenJson<{ cases: LossCase[] }>(this, 'losses.visible.json');
    let compared = 0;
    for (const one of cases) {
      for (const [name, expected] of Object.entries(one.distances)) {
        assert.ok(isDistanceName(name), name);
        const fixed = Float64Array.from(one.fixed.flat());
        const moving = Float64Array.from(one.moving.flat());
        const { value, gradient } = evaluate(name, fixed, moving, one.C);
        assert.ok(isClose(value, expected.value), `${one.name} ${name}: ${value}`);
        for (const [i, wanted] of expected.grad.flat().entries()) {
          assert.ok(isClose(gradient[i], wanted), `${one.name} ${name}[${i}]: ${gradient[i]}`);
        }
        compared++;
      }
    }
    assert.ok(compared >= cases.length);
  });

  for (const name of DISTANCE_NAMES) {
    it(`${name} has the derivative that central differences find`, () => {
      const shape = fc.record({
        samples: fc.integer({ min: 2, max: 5 }),
        channels: fc.integer({ min: 1, max: 4 }),
        seed: fc.integer(),
      });
      fc.assert(
        fc.property(shape, (s) => differencesAgree(name, s)),
        { numRuns: 50 },
      );
    });

    it(`${name} of any split into samples adds up, if it is one per sample`, () => {
      if (DISTANCES[name].scope === 'all') return;
      const [fixed, moving] = features(6, 7);
      const whole = DISTANCES[name].evaluate({ fixed, moving, samples: 3, channels: 2 });
      let parts = 0;
      for (let n = 0; n < 3; n++) {
        const pick = (x: Float64Array) => x.slice(2 * n, 2 * n + 2);
        parts += DISTANCES[name].evaluate({
          fixed: pick(fixed),
          moving: pick(moving),
          samples: 1,
          channels: 2,
        });
      }
      assert.ok(isClose(parts, whole));
    });

    it(`${name} of planes is that of rows, and adds its derivative`, () => {
      const [samples, channels] = [5, 3];
      const [fixed, moving] = features(samples * channels, 11);
      const { sum, modulator } = summed(name, { fixed, moving, samples, channels });
      const [first, pitch] = [2, samples + 4];
      const layout = { places: [0, 1, 2].map((c) => first + c * pitch), step: 1 };
      const toPlanes = (rows: Float64Array): Float64Array => {
        const planes = new Float64Array(channels * pitch).fill(7);
        for (let i = 0; i < rows.length; i++) {
          planes[layout.places[i % channels] + Math.floor(i / channels)] = rows[i];
        }
        return planes;
      };
      const pair = { fixed: toPlanes(fixed), moving: toPlanes(moving), samples, channels, layout };
      const found = new Float64Array(pair.moving.length).fill(7);
      assert.ok(isClose(DISTANCES[name].evaluate(pair, found), sum));
      const expected = toPlanes(modulator.map((u) => 7 + u));
      for (const [i, u] of expected.entries()) assert.ok(isClose(found[i], u), `${i}`);
    });

    it(`${name} leaves its inputs as they were`, () => {
      const [fixed, moving] = features(6, 3);
      const before = [fixed.slice(), moving.slice()];
      evaluate(name, fixed, moving, 2);
      assert.deepEqual([fixed, moving], before);
    });
  }

  it('Dice of two empty outputs is exactly 1, with a derivative of exactly 0', () => {
    const empty = new Float64Array(8);
    const { value, gradient } = evaluate('Dice', empty, empty.slice(), 4);
    assert.equal(-value, 1);
    assert.deepEqual(gradient, new Float64Array(8));
  });

  it('Dice of identical one-hot outputs is exactly 1', () => {
    const oneHot = Float64Array.of(0, 1, 0, 1, 0, 0);
    assert.equal(evaluate('Dice', oneHot, oneHot.slice(), 3).value, -1);
  });

  it('Dice where signed features cancel exactly counts as empty', () => {
    const { value, gradient } = evaluate('Dice', Float64Array.of(1, 2), Float64Array.of(-1, -2), 2);
    assert.equal(-value, 1);
    assert.deepEqual(gradient, Float64Array.of(0, 0));
  });

  for (const name of ['Cosine', 'L1Cosine'] as const) {
    it(`${name} of a vector of norm 0 is 0 with derivative 0, and the sample counts`, () => {
      const fixed = Float64Array.of(0, 0, 3, 4);
      const moving = Float64Array.of(1, 2, 3, 4);
      const { value, gradient } = evaluate(name, fixed, moving, 2);
      assert.ok(isClose(value, -0.5));
      assert.deepEqual(Array.from(gradient.subarray(0, 2), Math.abs), [0, 0]);
    });
  }

  it('NCC of a constant channel adds 0, and the channel counts', () => {
    const fixed = Float64Array.of(1, 5, 2, 5, 4, 5);
    const moving = Float64Array.of(2, 1, 4, 7, 8, 2);
    const { value, gradient } = evaluate('NCC', fixed, moving, 2);
    assert.ok(isClose(value, -0.5));
    for (const i of [1, 3, 5]) assert.equal(gradient[i], 0);
  });

  it('NCC of one sample is 0', () => {
    const { value, gradient } = evaluate('NCC', Float64Array.of(3), Float64Array.of(4), 1);
    assert.equal(value, 0);
    assert.equal(gradient[0], 0);
  });

  it('are known by seven names, capitals included', () => {
    assert.equal(DISTANCE_NAMES.length, 7);
    for (const name of ['l2', 'toString', '', 3]) assert.equal(isDistanceName(name), false);
  });
});

/** Values apart by at least 0.2, so that no kink of |f - m| lies within a step. */
function features(count: number, seed: number): [Float64Array, Float64Array] {
  const wave = (i: number, k: number) => Math.sin(12.9898 * (i + 1) + 78.233 * k + (seed % 1000));
  const fixed = Float64Array.from({ length: count }, (_, i) => 1 + wave(i, 1));
  const moving = fixed.map((f, i) => f + Math.sign(wave(i, 2)) * (0.2 + Math.abs(wave(i, 3))));
  return [fixed, moving];
}

function differencesAgree(
  name: DistanceName,
  { samples, channels, seed }: { samples: number; channels: number; seed: number },
): void {
  const [fixed, moving] = features(samples * channels, seed);
  // Dice has a pole where the sum vanishes, NCC one where a channel is constant
  if (name === 'Dice') moving.set(moving.map((m) => Math.abs(m) + 0.5));
  const { gradient } = evaluate(name, fixed, moving, channels);
  const spread = Math.max(1, ...gradient.map(Math.abs));
  if (spread > 20) return;
  for (let i = 0; i < moving.length; i++) {
    const at = (h: number) => {
      const moved = moving.slice();
      moved[i] += h;
      return evaluate(name, fixed, moved, channels).value;
    };
    const difference = (at(STEP) - at(-STEP)) / (2 * STEP);
    assert.ok(
      Math.abs(difference - gradient[i]) <= DIFFERENCES * spread * spread * spread,
      `${name} ${i}: ${gradient[i]} and ${difference}`,
    );
  }
}
