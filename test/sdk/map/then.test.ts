import assert from 'node:assert/strict';
import {
  affineMap,
  type ContinuousMap,
  evaluate,
  type FieldMap,
  fieldMap,
  identityMap,
  isVoxhostError,
  sequenceMap,
  then,
} from '@voxhost/sdk';
import fc from 'fast-check';
import { anyAffine, anyDims, anyField, anyMember, anyPoint } from './arbitrary-maps.js';

/** Three maps magnify an error of 1e-16 by at most about 1e6. */
const ROUNDING = 1e-9;

function assertSame(a: Float64Array, b: Float64Array): void {
  for (const [i, value] of a.entries()) {
    assert.ok(Math.abs(value - b[i]) <= ROUNDING * (1 + Math.abs(value)), `[${a}] and [${b}]`);
  }
}

const threeMaps = anyDims.chain((dims) =>
  fc.tuple(anyMember(dims), anyMember(dims), anyMember(dims), anyPoint(dims)),
);

describe('then', () => {
  it('applies the first map, then the next', () => {
    fc.assert(
      fc.property(threeMaps, ([f, g, , x]) => {
        assertSame(evaluate(then(f, g), x), evaluate(g, evaluate(f, x)));
      }),
    );
  });

  it('is associative', () => {
    fc.assert(
      fc.property(threeMaps, ([f, g, h, x]) => {
        assertSame(evaluate(then(then(f, g), h), x), evaluate(then(f, then(g, h)), x));
      }),
    );
  });

  it('has the identity on both sides', () => {
    fc.assert(
      fc.property(threeMaps, ([f, g, , x]) => {
        const map = then(f, g);
        const identity = identityMap(x.length);
        assertSame(evaluate(then(identity, map), x), evaluate(map, x));
        assertSame(evaluate(then(map, identity), x), evaluate(map, x));
      }),
    );
  });

  it('keeps the normal form: what is no single map is a flat sequence of two fields or more', () => {
    fc.assert(
      fc.property(threeMaps, ([f, g, h]) => {
        const fields = [f, g, h].filter((map) => map.kind === 'field').length;
        for (const map of [then(then(f, g), h), then(f, then(g, h)), sequenceMap([f, g, h])]) {
          const members = map.kind === 'sequence' ? map.maps : [map];
          assert.equal(members.length, Math.max(1, fields));
          assert.equal(map.kind === 'sequence', fields > 1);
          if (fields > 1) assert.ok(members.every((member) => member.kind === 'field'));
        }
      }),
    );
  });

  it('folds a matrix and a field without reading a coefficient', () => {
    let reads = 0;
    const coefficients = new Proxy(new Float64Array(3 * 4 ** 3), {
      get(target, key) {
        if (typeof key === 'string' && /^\d+$/.test(key)) reads++;
        const value: unknown = Reflect.get(target, key, target);
        return typeof value === 'function' ? value.bind(target) : value;
      },
    });
    const lattice = { size: [4, 4, 4], order: 3, outside: 'edge', data: coefficients } as const;
    const field: FieldMap = {
      ...fieldMap({ lattice: { ...lattice, data: new Float64Array(192) } }),
      lattice,
    };
    const matrix = affineMap([0, 1, 0, 2, 1, 0, 0, 3, 0, 0, 2, 4]);
    for (const map of [
      then(matrix, field),
      then(field, matrix),
      then(then(matrix, field), matrix),
    ]) {
      assert.equal(map.kind, 'field');
      assert.ok(map.kind === 'field' && map.lattice === lattice);
    }
    then(field, field);
    assert.equal(reads, 0);
    evaluate(field, [1, 1, 1]);
    assert.ok(reads > 0, 'the count counts');
  });

  it('refuses maps of different dimensions', () => {
    assert.throws(
      () => then(identityMap(2), identityMap(3)),
      (error) => isVoxhostError(error, 'BAD_ARGUMENT'),
    );
  });
});

describe('sequenceMap', () => {
  it('is then, from first to last', () => {
    const anyChain = anyDims.chain((dims) =>
      fc.tuple(
        fc.array(fc.oneof(anyAffine(dims), anyField(dims)), { minLength: 1, maxLength: 3 }),
        anyPoint(dims),
      ),
    );
    fc.assert(
      fc.property(anyChain, ([maps, x]) => {
        const chained = maps.reduce<ContinuousMap>(then, identityMap(x.length));
        assertSame(evaluate(sequenceMap(maps), x), evaluate(chained, x));
      }),
    );
  });

  it('refuses a sequence of nothing and of maps of different dimensions', () => {
    for (const maps of [[], [identityMap(2), identityMap(3)]]) {
      assert.throws(
        () => sequenceMap(maps),
        (error) => isVoxhostError(error, 'BAD_ARGUMENT'),
      );
    }
  });
});
