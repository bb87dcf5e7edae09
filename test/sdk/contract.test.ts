import assert from 'node:assert/strict';
import { runInNewContext } from 'node:vm';
import {
  affineMap,
  createGrid,
  createImage,
  ERROR_CODES,
  evaluate,
  type GridInput,
  gridProblem,
  identityMap,
  indexToPhysical,
  isVoxhostError,
  mapDimensions,
  type Pixels,
  pixelTypeOf,
  pullback,
  roundHalfEven,
  splineOrder,
  toPixelValue,
  VoxhostError,
} from '@voxhost/sdk';

describe('createGrid', () => {
  it('completes a grid and freezes it', () => {
    const grid = createGrid({ size: [2, 3] });
    assert.deepEqual(grid, {
      size: [2, 3],
      spacing: [1, 1],
      origin: [0, 0],
      direction: [1, 0, 0, 1],
    });
    assert.ok(Object.isFrozen(grid) && Object.isFrozen(grid.size));
  });

  it('names the field that no volume can have', () => {
    const wrong: readonly (readonly [string, GridInput])[] = [
      ['size', { size: [3] }],
      ['size', { size: [3, 3, 3, 3] }],
      ['size', { size: [3, 0] }],
      ['size', { size: [3, 1.5] }],
      ['size', { size: [3, Number.NaN] }],
      ['spacing', { size: [3, 3], spacing: [1, 0] }],
      ['spacing', { size: [3, 3], spacing: [1, -1] }],
      ['spacing', { size: [3, 3], spacing: [1, Number.NaN] }],
      ['spacing', { size: [3, 3], spacing: [1] }],
      ['origin', { size: [3, 3], origin: [0, Number.POSITIVE_INFINITY] }],
      ['direction', { size: [3, 3], direction: [1, 0, 0] }],
      ['direction', { size: [3, 3], direction: [1, 0, 0, Number.NaN] }],
      ['direction', { size: [3, 3], direction: [1, 1, 1, 1] }],
      ['direction', { size: [3, 3, 3], direction: [1, 0, 0, 0, 1, 0, 1, 1, 0] }],
    ];
    for (const [field, input] of wrong) {
      assert.throws(
        () => createGrid(input),
        (error) => isVoxhostError(error, 'BAD_GRID') && error.fields.field === field,
      );
    }
  });

  it('is checked again wherever it can have changed', () => {
    const size = [2, 3];
    const loose = { ...createGrid({ size }), size };
    assert.equal(gridProblem(loose), undefined);
    size[0] = 0;
    assert.equal(gridProblem(loose)?.field, 'size');
    assert.equal(gridProblem(createGrid({ size: [2, 3] })), undefined);
  });

  it('goes from index to physical point by spacing, direction and origin', () => {
    const grid = createGrid({
      size: [9, 9],
      spacing: [2, 3],
      origin: [10, 20],
      direction: [0, -1, 1, 0],
    });
    const point = evaluate(affineMap(indexToPhysical(grid)), [1, 2]);
    assert.deepEqual([...point], [10 - 6, 20 + 2]);
  });
});

describe('createImage', () => {
  const grid = createGrid({ size: [2, 3] });

  it('reads the pixel type from the array, whose data it keeps', () => {
    const data = new Int16Array(12);
    const image = createImage(grid, data, 2);
    assert.equal(image.pixelType, 'int16');
    assert.equal(image.data, data);
  });

  it('refuses what does not fit', () => {
    const bad = (error: unknown): boolean => isVoxhostError(error, 'BAD_IMAGE');
    assert.throws(() => createImage(grid, new Int16Array(5)), bad);
    assert.throws(() => createImage(grid, new Int16Array(6), 2), bad);
    assert.throws(() => createImage(grid, new Int16Array(0), 0), bad);
    assert.throws(() => createImage(grid, new Float64Array(9), 1.5), bad);
    assert.throws(() => createImage(grid, new BigInt64Array(6) as unknown as Pixels), bad);
    assert.throws(() => createImage(grid, [1, 2, 3, 4, 5, 6] as unknown as Pixels), bad);
    const broken = { ...grid, spacing: [0, 1] };
    assert.throws(
      () => createImage(broken, new Int16Array(6)),
      (error) => isVoxhostError(error, 'BAD_GRID'),
    );
  });
});

describe('pixel values', () => {
  it('round half to even', () => {
    assert.deepEqual(
      [0.5, 1.5, 2.5, -0.5, -1.5, 2.4, 2.6].map(roundHalfEven),
      [0, 2, 2, 0, -2, 2, 3],
    );
  });

  it('saturate and have no NaN', () => {
    assert.deepEqual(
      [-1, 255.4, 300, Number.NaN].map((v) => toPixelValue(v, 'uint8')),
      [0, 255, 255, 0],
    );
    assert.equal(toPixelValue(0.1, 'float32'), Math.fround(0.1));
    assert.ok(Number.isNaN(toPixelValue(Number.NaN, 'float64')));
  });

  it('are typed by their array alone', () => {
    assert.equal(pixelTypeOf(new Uint8Array()), 'uint8');
    assert.equal(pixelTypeOf(new Uint8ClampedArray()), undefined);
    assert.equal(pixelTypeOf(null), undefined);
    assert.equal(pixelTypeOf({ length: 3 }), undefined);
    assert.equal(pixelTypeOf({ length: 3, [Symbol.toStringTag]: 'Uint8Array' }), undefined);
    assert.equal(pixelTypeOf(new DataView(new ArrayBuffer(8))), undefined);
    assert.equal(pixelTypeOf(runInNewContext('new Int16Array(2)')), 'int16');
  });

  it('need a prefilter only under an interpolating spline', () => {
    const orders = (
      ['bspline2', 'bspline3', 'bspline4', 'bspline5', 'bspline3-raw', 'linear'] as const
    ).map(splineOrder);
    assert.deepEqual(orders, [2, 3, 4, 5, undefined, undefined]);
  });
});

describe('VoxhostError', () => {
  it('is recognised by its fields, from whatever copy of the sdk', () => {
    const foreign = { code: 'DISPOSED', fields: { what: 'x' } };
    assert.ok(isVoxhostError(foreign) && isVoxhostError(foreign, 'DISPOSED'));
    assert.ok(!isVoxhostError(foreign, 'BAD_GRID'));
    for (const other of [
      null,
      'DISPOSED',
      { code: 'DISPOSED' },
      { code: 'ENOENT', fields: {} },
      new Error('x'),
    ]) {
      assert.ok(!isVoxhostError(other));
    }
  });

  it('has a message with a remedy for every code, and keeps the cause', () => {
    const cause = new Error('below');
    for (const code of ERROR_CODES) {
      const error = new VoxhostError(
        code,
        { field: 'f', reason: 'r', argument: 'a' } as never,
        cause,
      );
      assert.match(error.message, /; ./, code);
      assert.equal(error.cause, cause);
    }
  });
});

describe('map arguments', () => {
  it('of the wrong length are refused', () => {
    const bad = (error: unknown): boolean => isVoxhostError(error, 'BAD_ARGUMENT');
    const map = identityMap(2);
    assert.throws(() => evaluate(map, [1, 2, 3]), bad);
    assert.throws(() => evaluate(map, [1, 2], new Float64Array(3)), bad);
    assert.throws(() => pullback(map, new Float64Array(3), new Float64Array(3)), bad);
    assert.equal(mapDimensions({ kind: 'sequence', maps: [] }), 0);
  });
});
