import assert from 'node:assert/strict';
import { mindModel } from '#impact/mind/mind-model.js';
import { encodeModel } from '#impact/onnx/encode.js';
import { openSession, tensor } from './onnx-runtime.js';
import { goldenJson, goldenNumbers } from './shared-golden.js';

interface MindCase {
  readonly case: string;
  readonly model: string;
  readonly input: number[];
}

/** float32 in the runtime against float64 NumPy; values lie within [0, 1]. */
const TOLERANCE = 1e-5;

async function run(options: Parameters<typeof mindModel>[0], x: ArrayLike<number>, dims: number[]) {
  const session = await openSession(encodeModel(mindModel(options)));
  const { layer_0: features } = await session.run({ input: tensor(x, dims) });
  return features;
}

describe('the MIND model', () => {
  it('gives the golden features, in 2-D and 3-D, of both flavours', async function () {
    const { cases } = goldenJson<{ cases: MindCase[] }>(this, 'mind_golden.json');
    for (const one of cases) {
      const [, radius, dilation, dimension, flavour] =
        /r(\d)d(\d)_(\d)d_(instance|batch)/.exec(one.model) ?? [];
      const options = {
        dimension: Number(dimension) as 2 | 3,
        radius: Number(radius),
        dilation: Number(dilation),
        flavour: flavour as 'instance' | 'batch',
      };
      const x = goldenNumbers(this, `mind_${one.case}_x.f32`);
      const y = goldenNumbers(this, `mind_${one.case}_y.f64`);
      const { data } = await run(options, x, one.input);
      assert.equal(data.length, y.length);
      for (const [i, wanted] of y.entries()) {
        assert.ok(Math.abs(Number(data[i]) - wanted) <= TOLERANCE, `${one.case} ${i}`);
      }
    }
  });

  it('has 12 channels in 3-D, 4 in 2-D, and takes a single voxel', async () => {
    const options = { radius: 1, dilation: 2, flavour: 'instance' } as const;
    const volume = await run({ ...options, dimension: 3 }, [5], [1, 1, 1, 1, 1]);
    assert.deepEqual(volume.dims, [1, 12, 1, 1, 1]);
    const picture = await run({ ...options, dimension: 2 }, [1, 2, 3, 4, 5, 6], [1, 1, 2, 3]);
    assert.deepEqual(picture.dims, [1, 4, 2, 3]);
  });

  it('of a constant image is 1 everywhere', async () => {
    const options = { dimension: 2, radius: 1, dilation: 1, flavour: 'instance' } as const;
    const { data } = await run(options, new Float32Array(12).fill(7), [1, 1, 3, 4]);
    assert.ok(data.every((value) => value === 1));
  });

  it('forgets scale and offset of the intensities', async () => {
    const options = { dimension: 2, radius: 1, dilation: 2, flavour: 'instance' } as const;
    const x = Float32Array.from({ length: 63 }, (_, i) => Math.sin(i) + Math.cos(i * i));
    const one = await run(options, x, [1, 1, 7, 9]);
    const other = await run(
      options,
      x.map((v) => -3 * v + 2),
      [1, 1, 7, 9],
    );
    for (const [i, value] of one.data.entries()) {
      assert.ok(Math.abs(Number(value) - Number(other.data[i])) <= TOLERANCE);
    }
  });

  it('of a sample depends on its batch mates in the batch flavour only', async () => {
    const x = Float32Array.from({ length: 70 }, (_, i) => Math.sin(i * i) * (i < 35 ? 1 : 1000));
    for (const flavour of ['instance', 'batch'] as const) {
      const options = { dimension: 2, radius: 1, dilation: 1, flavour } as const;
      const alone = await run(options, x.subarray(0, 35), [1, 1, 5, 7]);
      const together = await run(options, x, [2, 1, 5, 7]);
      const isSame = alone.data.every(
        (v, i) => Math.abs(Number(v) - Number(together.data[i])) <= TOLERANCE,
      );
      assert.equal(isSame, flavour === 'instance');
    }
  });
});
