import { allocatePixels, type Pixels, type PixelType } from '../../pixel-type.js';
import type { Claims } from '../claims.js';
import { expectAgreement, expected, expectWithin, resampleOnce, type Trial } from '../compare.js';
import type { ConformanceCase } from '../conformance-case.js';
import { expect, expectCode, expectSame, snapshot } from '../expect.js';
import { everydayTrial, runOf, samplesOf } from '../trial.js';
import { trialMaps } from '../trial-maps.js';

/** Who owns which memory. */
export function bufferCases(claims: Claims): readonly ConformanceCase[] {
  return [
    ...claims.dims.map((dims) => inputsCase(claims, dims)),
    intoCase(claims),
    ...claims.dims.map((dims) => wholeIntoCase(claims, dims)),
    refusedIntoCase(claims),
    sourceIntoCase(claims),
    ownershipCase(claims),
  ];
}

const lengthOf = ({ operation, samples }: Trial): number =>
  samplesOf(samples, operation.source.grid.size.length) * operation.source.channels;

const inputsCase = (claims: Claims, dims: number): ConformanceCase => ({
  rule: 'R14',
  name: `source, map and points stay as they were, ${dims}-D`,
  async run(backend) {
    const base = everydayTrial(claims, dims);
    for (const shape of claims.maps) {
      for (const [, map] of trialMaps(shape, base.samples, dims)) {
        const trial = { ...base, map };
        const inputs = arraysIn([trial.operation.source, map, trial.samples]);
        const before = inputs.map(snapshot);
        await resampleOnce(backend, trial);
        for (const [i, input] of inputs.entries()) expectSame(input, before[i], 'an input');
      }
    }
  },
});

/** Every typed array within a plain value. */
function arraysIn(value: unknown): readonly Pixels[] {
  if (ArrayBuffer.isView(value)) return [value as Pixels];
  if (typeof value !== 'object' || value === null) return [];
  return Object.values(value).flatMap(arraysIn);
}

const intoCase = (claims: Claims): ConformanceCase => ({
  rule: 'R15',
  name: 'into is the result, and nothing around it is written',
  async run(backend) {
    const trial = everydayTrial(claims, claims.dims[0]);
    const length = lengthOf(trial);
    const room = allocatePixels(trial.operation.pixelType, length + 8).fill(99);
    const into = room.subarray(4, 4 + length);
    await using prepared = await backend.prepare(trial.operation);
    const { data } = await runOf(prepared, trial, { into });
    expect(data.buffer === room.buffer && data.byteOffset === into.byteOffset, 'data is not into');
    expectWithin(data, await expected(trial, claims.block.numerics), trial);
    expectSame(room.subarray(0, 4), [99, 99, 99, 99], 'before into');
    expectSame(room.subarray(4 + length), [99, 99, 99, 99], 'after into');
  },
});

/** Lengths about the widths of vector registers and their halves. */
const LENGTHS = [1, 2, 3, 5, 8, 15, 16, 17, 33];

const wholeIntoCase = (claims: Claims, dims: number): ConformanceCase => ({
  rule: 'R15',
  name: `every value of into is written, ${dims}-D`,
  async run(backend) {
    for (const length of LENGTHS) {
      const size = [length, 2, 1].slice(0, dims);
      const trial = everydayTrial(claims, dims, { block: { size } });
      const into = allocatePixels(trial.operation.pixelType, lengthOf(trial)).fill(99);
      await using prepared = await backend.prepare(trial.operation);
      const { data } = await runOf(prepared, trial, { into });
      expectWithin(data, await expected(trial, claims.block.numerics), trial);
    }
  },
});

const refusedIntoCase = (claims: Claims): ConformanceCase => ({
  rule: 'R16',
  name: 'into of another type or length is refused unwritten',
  async run(backend) {
    const trial = everydayTrial(claims, claims.dims[0]);
    const { pixelType } = trial.operation;
    const length = lengthOf(trial);
    const other: PixelType = pixelType === 'uint8' ? 'int8' : 'uint8';
    await using prepared = await backend.prepare(trial.operation);
    for (const into of [
      allocatePixels(other, length),
      allocatePixels(pixelType, length - 1),
      allocatePixels(pixelType, length + 1),
    ]) {
      into.fill(99);
      await expectCode(runOf(prepared, trial, { into }), 'BAD_ARGUMENT', 'a wrong into');
      expectSame(into, snapshot(into).fill(99), 'a refused into');
    }
    expectWithin(
      (await runOf(prepared, trial)).data,
      await expected(trial, claims.block.numerics),
      trial,
    );
  },
});

const sourceIntoCase = (claims: Claims): ConformanceCase => ({
  rule: 'R16',
  name: 'into in the memory of the source is refused unwritten',
  async run(backend) {
    const base = everydayTrial(claims, claims.dims[0]);
    const { source } = base.operation;
    if (base.operation.pixelType !== source.pixelType) return;
    const before = snapshot(source.data);
    await using prepared = await backend.prepare(base.operation);
    const run = runOf(prepared, base, { into: source.data });
    await expectCode(run, 'BAD_ARGUMENT', 'into that is the source');
    expectSame(source.data, before, 'the source');
  },
});

const ownershipCase = (claims: Claims): ConformanceCase => ({
  rule: 'R17',
  name: 'a result outlives later runs and the Prepared',
  async run(backend) {
    const [dims] = claims.dims;
    const first = everydayTrial(claims, dims);
    const start = [2, 1, 0].slice(0, dims);
    const second = everydayTrial(claims, dims, {
      block: { size: [7, 5, 3].slice(0, dims), start },
    });
    const prepared = await backend.prepare(first.operation);
    const { data } = await runOf(prepared, first);
    const before = snapshot(data);
    const later = (await runOf(prepared, second)).data;
    expect(later.buffer !== data.buffer, 'two results share memory');
    await prepared[Symbol.asyncDispose]();
    await expectAgreement(backend, second, claims.block.numerics);
    expectSame(data, before, 'an earlier result');
  },
});
