import assert from 'node:assert/strict';
import {
  fieldMap,
  type Lattice,
  locateAll,
  type Operation,
  type SequenceMap,
  sequenceMap,
} from '@voxhost/sdk';
import type { Router } from 'voxhost';
import { compose, displacementField, resampleImage } from 'voxhost/lazy';
import { countingRouter } from '../support/counting-router.js';
import { largestDifference, wavy } from '../support/volumes.js';

const modes = { mode: 'bilinear', padding_mode: 'border' } as const;

const latticeOf = (size: readonly number[], phase: number): Lattice => ({
  size,
  order: 1,
  outside: 'edge',
  data: Float64Array.from({ length: 3 * size.reduce((a, b) => a * b) }, (_, i) =>
    Math.sin(phase + i),
  ),
});

/** A router whose one fast backend has only these shapes of maps. */
function having(shapes: readonly string[]) {
  const router = countingRouter();
  const explain: Router['explain'] = async (operation: Operation, settings) => {
    const fits = operation.demand.maps.every((shape) => shapes.includes(shape));
    return { ...(await router.explain(operation, settings)), chosen: fits ? 'fast' : 'reference' };
  };
  return { ...router, explain };
}

const source = wavy([9, 8, 7]);
const pipeline = compose(
  [1, 2].map((phase) => displacementField({ field: latticeOf([4, 4, 4], phase), ...modes })),
  { lazy: true },
);

describe('two fields', () => {
  for (const [shapes, kind] of [
    [['sequence', 'field-1', 'points'], 'sequence'],
    [['field-1', 'points'], 'field'],
    [['points'], 'points'],
    [['affine'], 'sequence'],
  ] as const) {
    it(`are a ${kind} where a backend has ${shapes}, with the same values`, async () => {
      const router = having(shapes);
      const { image } = await pipeline.run(router, source);
      assert.equal(router.runs.length, 1);
      assert.equal(router.runs[0].map.kind, kind);
      const direct = await pipeline.run(countingRouter(), source);
      // Positions agree to rounding; values of about 100 are stored as float32.
      assert.ok(largestDifference(image, direct.image) < 2e-5);
    });
  }

  it('are composed, never added', async () => {
    const router = countingRouter();
    await pipeline.run(router, source);
    const { map } = router.runs[0];
    assert.equal(map.kind, 'sequence');
    const [outer, inner] = (map as SequenceMap).maps;
    const size = source.grid.size;
    const first = locateAll(outer, { size }, 3);
    const second = locateAll(inner, { points: first }, 3);
    assert.deepEqual(locateAll(map, { size }, 3), second);
  });
});

describe('forms', () => {
  it('a matrix stays a matrix, whatever a backend says of it', async () => {
    const router = having([]);
    await resampleImage(router, source, { spacing: [1, 1, 1] });
    assert.equal(router.runs[0].map.kind, 'affine');
  });

  it('matrices fold into a field without touching its lattice', async () => {
    const lattice = new Proxy(latticeOf([4, 4, 4], 1), {});
    const field = fieldMap({ lattice });
    const scaled = sequenceMap([field]);
    assert.ok(scaled.kind === 'field' && scaled.lattice === lattice);
  });
});
