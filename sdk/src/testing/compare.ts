import type { Backend } from '../backend.js';
import { fillValue } from '../boundary.js';
import type { Numerics } from '../capabilities.js';
import type { IndexMap } from '../index-map.js';
import { pointsMap } from '../map/construct.js';
import { locateAll } from '../map/locate-all.js';
import type { Resample } from '../operation.js';
import { type Pixels, type PixelType, toPixelValue } from '../pixel-type.js';
import { createReference } from '../reference/create-reference.js';
import type { Samples } from '../run.js';
import { expect } from './expect.js';
import { chooses, JUMP_MARGIN, SLOPE_FACTOR, toleranceOf } from './tolerances.js';

/** One run of one operation. */
export interface Trial {
  readonly operation: Resample;
  readonly map: IndexMap;
  readonly samples: Samples;
}

/** Prepares, runs once and disposes. */
export async function resampleOnce(backend: Backend, trial: Trial): Promise<Pixels> {
  await using prepared = await backend.prepare(trial.operation);
  return (await prepared.run(trial.map, { samples: trial.samples })).data;
}

/** Values before rounding between which a result is right. */
interface Bracket {
  readonly low: Float64Array;
  readonly high: Float64Array;
}

/** Rejects when the backend's result is not the reference's within the numerics. */
export async function expectAgreement(
  backend: Backend,
  trial: Trial,
  numerics: Numerics,
): Promise<void> {
  expectWithin(await resampleOnce(backend, trial), await expected(trial, numerics), trial);
}

/** What a result may be, from the reference in float64. */
export async function expected(trial: Trial, numerics: Numerics): Promise<Bracket> {
  await using oracle = await openOracle(trial.operation, numerics);
  return await oracle.expected(trial.map, trial.samples);
}

/** The reference, prepared once for many runs of an operation. */
export interface Oracle extends AsyncDisposable {
  expected(map: IndexMap, samples: Samples): Promise<Bracket>;
}

export async function openOracle(operation: Resample, numerics: Numerics): Promise<Oracle> {
  const dims = operation.source.grid.size.length;
  const jumps = numerics.class !== 'exact' && canJump(operation);
  const tolerance = toleranceOf(numerics, operation, fillValue(operation.boundary));
  const prepared = await createReference().prepare({ ...operation, pixelType: 'float64' as const });
  const valuesAt = async (positions: Float64Array): Promise<Float64Array> => {
    const run = { samples: { points: positions } };
    return Float64Array.from((await prepared.run(pointsMap(positions), run)).data);
  };
  return {
    async expected(map, samples) {
      const positions = locateAll(map, samples, dims);
      const centre = await valuesAt(positions);
      const bracket: Bracket = { low: centre.slice(), high: centre };
      for (const moved of jumps ? neighbours(positions, dims) : []) {
        widen(bracket, await valuesAt(moved));
      }
      spread(bracket, tolerance, operation);
      return bracket;
    },
    [Symbol.asyncDispose]: () => prepared[Symbol.asyncDispose](),
  };
}

const canJump = ({ interpolator, boundary }: Resample): boolean =>
  chooses({ interpolator }) || boundary.kind === 'constant' || boundary.kind === 'buffer';

function neighbours(positions: Float64Array, dims: number): readonly Float64Array[] {
  const steps = [...Array(dims).keys()].flatMap((axis) => [
    [axis, -JUMP_MARGIN],
    [axis, JUMP_MARGIN],
  ]);
  return steps.map(([axis, step]) => positions.map((x, i) => (i % dims === axis ? x + step : x)));
}

function widen({ low, high }: Bracket, values: Float64Array): void {
  for (let i = 0; i < values.length; i++) {
    if (values[i] < low[i]) low[i] = values[i];
    if (values[i] > high[i]) high[i] = values[i];
  }
}

function spread({ low, high }: Bracket, tolerance: number, operation: Resample): void {
  const planes = operation.gradient ? 1 + operation.source.grid.size.length : 1;
  for (let i = 0; i < low.length; i++) {
    const isSlope = i >= low.length / planes;
    const by = isSlope ? SLOPE_FACTOR * tolerance : tolerance;
    low[i] -= by;
    high[i] += by;
  }
}

/** Throws naming the first value that is not right, with where it was sampled. */
export function expectWithin(found: Pixels, { low, high }: Bracket, trial: Trial): void {
  const { pixelType } = trial.operation;
  expect(
    found.length === low.length,
    `${describeTrial(trial)}: ${found.length} values, not ${low.length}`,
  );
  for (let i = 0; i < found.length; i++) {
    if (isBetween(found[i], low[i], high[i], pixelType)) continue;
    throw new Error(
      `${describeTrial(trial)}: value ${i} is ${found[i]}, the reference has ${low[i]} to ${high[i]}`,
    );
  }
}

function isBetween(found: number, low: number, high: number, pixelType: PixelType): boolean {
  if (Number.isNaN(low)) {
    const expectedValue = toPixelValue(low, pixelType);
    return Number.isNaN(expectedValue) ? Number.isNaN(found) : found === expectedValue;
  }
  return found >= toPixelValue(low, pixelType) && found <= toPixelValue(high, pixelType);
}

function describeTrial({ operation, map, samples }: Trial): string {
  const where = 'points' in samples ? 'points' : `a block of [${samples.size}]`;
  return `${describeOperation(operation)}, map ${map.kind}, ${where}`;
}

/** An operation in words, for messages. */
export function describeOperation(operation: Resample): string {
  const { source, interpolator, boundary, pixelType, gradient } = operation;
  const image = `${source.pixelType} [${source.grid.size}] x ${source.channels}`;
  const what = `${interpolator}, ${boundary.kind}, ${image} to ${pixelType}`;
  return gradient ? `${what} with gradient` : what;
}
