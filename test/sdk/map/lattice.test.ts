import assert from 'node:assert/strict';
import { evaluate, type FieldMap, fieldMap, jacobian, type Outside } from '@voxhost/sdk';
import fc from 'fast-check';
import { anyDims, anyField, anyPoint } from './arbitrary-maps.js';

/** A 2-D field whose x component varies along x as given, along y not at all. */
function profile(values: readonly number[], order: 1 | 3, outside: Outside): FieldMap {
  const rows = [0, 1, 2, 3, 4, 5];
  const data = Float64Array.from([
    ...rows.flatMap(() => values),
    ...rows.flatMap(() => values.map(() => 0)),
  ]);
  return fieldMap({
    matrix: [0, 0, 0, 0, 0, 0],
    lattice: { size: [values.length, rows.length], order, outside, data },
  });
}

/** Rounding of a sum of at most 64 products. */
const ROUNDING = 1e-12;

function assertProfile(field: FieldMap, expected: readonly (readonly [number, number])[]): void {
  for (const [x, value] of expected) {
    const [found] = evaluate(field, [x, 2.5]);
    assert.ok(Math.abs(found - value) < ROUNDING, `at ${x}: ${found}, not ${value}`);
  }
}

describe('a lattice', () => {
  it('of order 3 is a partition of unity: equal coefficients give their value', () => {
    fc.assert(
      fc.property(
        anyDims.chain((dims) => fc.tuple(anyField(dims), anyPoint(dims))),
        ([field, x]) => {
          const ones = { ...field.lattice, data: field.lattice.data.map(() => 1) };
          const flat: FieldMap = { ...field, matrix: field.matrix.map(() => 0), lattice: ones };
          const value = evaluate(flat, x);
          const dims = x.length;
          for (let r = 0; r < dims; r++) {
            const sum = field.vectors.subarray(r * dims, (r + 1) * dims).reduce((s, v) => s + v, 0);
            assert.ok(Math.abs(value[r] - sum) < ROUNDING);
          }
        },
      ),
    );
  });

  it('of order 1, edge: linear between the samples, then the edge', () => {
    assertProfile(profile([1, 3, 7], 1, 'edge'), [
      [-5, 1],
      [-0.25, 1],
      [0.5, 2],
      [1.25, 4],
      [2, 7],
      [2.75, 7],
      [9, 7],
    ]);
  });

  it('of order 1, buffer: the edge within half a cell, closed below and open above, then nothing', () => {
    assertProfile(profile([1, 3, 7], 1, 'buffer'), [
      [-0.5, 1],
      [-0.5000001, 0],
      [1.5, 5],
      [2.4999999, 7],
      [2.5, 0],
    ]);
  });

  it('of order 1, zero: nothing as soon as a tap with weight is off', () => {
    assertProfile(profile([1, 3, 7], 1, 'zero'), [
      [-1e-9, 0],
      [0, 1],
      [2, 7],
      [2.0000001, 0],
    ]);
  });

  it('of order 3, edge: each tap is clamped', () => {
    // At 0.5 the weights are 1/48, 23/48, 23/48, 1/48, on coefficients 6 | 6 0 12.
    assertProfile(profile([6, 0, 12, 0, 6], 3, 'edge'), [
      [0, (6 + 4 * 6 + 0) / 6],
      [0.5, (6 + 23 * 6 + 23 * 0 + 12) / 48],
      [1, (6 + 0 + 12) / 6],
      [-1, 6],
      [4, (0 + 4 * 6 + 6) / 6],
    ]);
  });

  it('of order 3, zero: one cell within the lattice, both ends closed', () => {
    assertProfile(profile([6, 0, 12, 0, 6], 3, 'zero'), [
      [0.999999, 0],
      [1, (6 + 0 + 12) / 6],
      [2, (0 + 48 + 0) / 6],
      [3, (12 + 0 + 6) / 6],
      [3.000001, 0],
    ]);
  });

  it('has the slope of the cell floor(x), the last cell closed', () => {
    const field = profile([1, 3, 7], 1, 'edge');
    const slope = (x: number): number => jacobian(field, [x, 2.5])[0];
    assert.deepEqual([0, 0.5, 1, 1.5, 2, 2.5].map(slope), [2, 2, 4, 4, 4, 0]);
  });

  it('looks up through L and lays down through B, component by component', () => {
    const data = Float64Array.of(0, 1, 2, 3, 10, 10, 10, 10);
    const field = fieldMap({
      matrix: [1, 0, 100, 0, 1, 200],
      vectors: [2, 0, 1, 3],
      lookup: [0, 0.5, 0, 0.5, 0, 0],
      lattice: { size: [2, 2], order: 1, outside: 'edge', data },
    });
    // [2, 1] is looked up at [0.5, 1]: u = [2.5, 10].
    assert.deepEqual([...evaluate(field, [2, 1])], [102 + 5, 201 + 2.5 + 30]);
  });
});
