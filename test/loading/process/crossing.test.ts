import assert from 'node:assert/strict';
import {
  createGrid,
  createImage,
  type FieldMap,
  type Lattice,
  type Metric,
  type MetricCapability,
  type Operation,
  type Prepared,
  type Resample,
} from '@voxhost/sdk';
import { createReference } from '@voxhost/sdk/reference';
import { linearMetric } from '../../support/operations.js';
import { activateAt, chaos, processManifest } from '../../support/process-plugin.js';
import { identity, runOnce, smallImage, smallResample } from '../../support/small-calls.js';
import { temporaryFolder } from '../../support/temporary-folder.js';

/** Headers and JSON of a handful of messages; far less than any image here. */
const TALK_BYTES = 4096;

const SIZE = [64, 64, 32];
const volume = createImage(createGrid({ size: SIZE }), new Float32Array(64 * 64 * 32).fill(1));
const volumeResample = (interpolator: Resample['interpolator']): Resample => ({
  ...smallResample(volume),
  interpolator,
  demand: { maps: ['field-3'], samples: 'grid', perRun: 8, runs: 10 },
});

const freeForm = (): FieldMap => {
  const lattice: Lattice = {
    size: [8, 8, 8],
    order: 3,
    outside: 'zero',
    data: new Float64Array(3 * 8 ** 3).fill(0.25),
  };
  const [rows, square] = [
    new Float64Array([1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0]),
    new Float64Array([1, 0, 0, 0, 1, 0, 0, 0, 1]),
  ];
  return { kind: 'field', matrix: rows, vectors: square, lookup: rows, lattice };
};

describe('what crosses the pipe', () => {
  it('an image in three Prepareds crosses once, and a later Prepared finds it there', async () => {
    await using plugin = await chaos('');
    const sent = () => plugin.backend.process?.sentBytes ?? 0;
    const before = sent();
    const interpolators = ['nearest', 'linear', 'bspline3'] as const;
    const all = await Promise.all(
      interpolators.map((interpolator) => plugin.backend.prepare(volumeResample(interpolator))),
    );
    const once = sent() - before;
    assert.ok(
      once >= volume.data.byteLength && once < volume.data.byteLength + TALK_BYTES,
      `${once}`,
    );
    for (const prepared of all) await prepared[Symbol.asyncDispose]();
    await using _ = await plugin.backend.prepare(volumeResample('linear'));
    assert.ok(sent() - before < volume.data.byteLength + TALK_BYTES);
  });

  it('a free-form run sends the lattice only, and the same lattice once', async () => {
    await using plugin = await chaos('');
    await using prepared = await plugin.backend.prepare(volumeResample('linear'));
    const sent = () => plugin.backend.process?.sentBytes ?? 0;
    const run = (map: FieldMap) => prepared.run(map, { samples: { size: [2, 2, 2] } });
    const map = freeForm();
    const bytes = map.lattice.data.byteLength;
    const before = sent();
    await run(map);
    const first = sent() - before;
    assert.ok(first >= bytes && first < bytes + TALK_BYTES, `${first}`);
    await run({ ...map, matrix: map.matrix.slice() });
    assert.ok(sent() - before < bytes + TALK_BYTES, 'the same lattice went again');
    await run(freeForm());
    assert.ok(sent() - before >= 2 * bytes, 'another lattice did not go');
  });

  it('images that nobody uses are released in the end: memory does not grow with their number', async () => {
    await using plugin = await chaos('', {}, { services: { limits: { residentBytes: 2 ** 30 } } });
    const size = [256, 256, 64];
    for (let n = 0; n < 40; n++) {
      const image = createImage(createGrid({ size }), new Float32Array(256 * 256 * 64).fill(n));
      await using prepared = await plugin.backend.prepare(smallResample(image));
      const { data } = await prepared.run(
        { kind: 'affine', matrix: new Float64Array([1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0]) },
        { samples: { size: [2, 1, 1] } },
      );
      assert.deepEqual([...data], [n, n]);
    }
    assert.deepEqual(plugin.deaths, []);
  });

  it('values that JSON cannot write arrive as they are', async () => {
    await using plugin = await chaos('');
    for (const value of [Number.NaN, Number.POSITIVE_INFINITY, -0, 1e-310]) {
      const boundary = { kind: 'constant', value } as const;
      await using prepared = await plugin.backend.prepare({
        ...smallResample(createImage(createGrid({ size: [2, 2] }), new Float64Array(4))),
        pixelType: 'float64',
        boundary,
      });
      const far = { kind: 'affine', matrix: new Float64Array([1, 0, 99, 0, 1, 0]) } as const;
      const { data } = await prepared.run(far, { samples: { size: [1, 1] } });
      assert.ok(Object.is(data[0], value), `${data[0]} for ${value}`);
    }
  });
});

describe('symmetric calls', () => {
  const block: MetricCapability = {
    op: 'metric',
    name: 'mean-of-resampled',
    dims: [2],
    pixelTypes: '*',
    maps: ['affine'],
    samples: ['grid'],
    derivative: false,
    cost: { startMs: 1, prepareNsPerVoxel: 0, runMs: 0, nsPerSample: 1, copyGBs: 10 },
    numerics: { class: 'exact', deterministic: true, reference: 'reference@1' },
  };
  const source = (manifest: ReturnType<typeof processManifest>) => `
const { id, version, name, capabilities } = ${JSON.stringify(manifest)};
const activate = async (context) => ({
  name, capabilities,
  supports: () => ({ ok: true, memory: { prepare: 0, run: 0 } }),
  prepare: async ({ moving, fixed }) => {
    const resample = await context.prepare({
      kind: 'resample', source: moving, interpolator: 'linear', boundary: { kind: 'nearest' },
      pixelType: 'float64', gradient: false,
      demand: { maps: ['affine'], samples: 'grid', perRun: 192, runs: 1 },
    });
    return {
      run: async (map) => {
        const { data } = await resample.run(map, { samples: { size: fixed.grid.size } });
        const mean = data.reduce((sum, value) => sum + value, 0) / data.length;
        const into = new Float64Array(data.length + 8).subarray(8);
        const again = await resample.run(map, { samples: { size: fixed.grid.size }, into });
        const isFilled = again.data === into && data.every((value, i) => value === into[i]);
        const shifted = [];
        for (let round = 0; round < 3; round++) {
          const results = await Promise.all([0, 1, 2, 3, 4].map((x) => resample.run(
            { kind: 'affine', matrix: Float64Array.of(1, 0, x + round, 0, 1, 0) },
            { samples: { size: fixed.grid.size } },
          )));
          shifted.push(...results.map((one) => one.data[0]));
        }
        return { value: mean, samples: data.length, details: { first: data[0], isFilled, shifted } };
      },
      [Symbol.asyncDispose]: async () => {},
    };
  },
  [Symbol.asyncDispose]: async () => {},
});
export default { id, version, abi: { min: 1, max: 1 }, activate };
`;
  const metric = (): Metric => {
    const image = smallImage();
    const asked = { options: null, derivative: false };
    return linearMetric('mean-of-resampled', { fixed: image, moving: image }, asked);
  };
  const mean = (192 - 1) / 2;

  it('a metric in one child uses the resampler in another, and what it leaves over is disposed with it', async () => {
    using folder = temporaryFolder();
    const manifest = processManifest({ id: 'org.example.mean', capabilities: [block] });
    folder.write('plugin.mjs', source(manifest));
    const path = folder.write('org.example.mean.plugin.json', JSON.stringify(manifest));
    await using resampler = await chaos('');
    const open = new Set<object>();
    const prepare = async <O extends Operation>(operation: O): Promise<Prepared<O['kind']>> => {
      const prepared = await resampler.backend.prepare(operation);
      open.add(prepared);
      return {
        run: (map, run) => prepared.run(map, run),
        [Symbol.asyncDispose]: async () => {
          open.delete(prepared);
          await prepared[Symbol.asyncDispose]();
        },
      };
    };
    const measurer = await activateAt(path, { prepare });
    const prepared = await measurer.backend.prepare(metric());
    const measured = await prepared.run(identity, { derivative: false });
    assert.deepEqual(measured, {
      value: mean,
      samples: 192,
      details: {
        first: 0,
        isFilled: true,
        shifted: [0, 1, 2].flatMap((round) => [0, 1, 2, 3, 4].map((x) => x + round)),
      },
    });
    assert.equal(open.size, 1);
    await measurer[Symbol.asyncDispose]();
    assert.equal(open.size, 0);
  });

  it('the death of the other child reaches the metric as an error, not as a death of its own', async () => {
    using folder = temporaryFolder();
    const manifest = processManifest({ id: 'org.example.mean', capabilities: [block] });
    folder.write('plugin.mjs', source(manifest));
    const path = folder.write('org.example.mean.plugin.json', JSON.stringify(manifest));
    await using resampler = await chaos('run=segv');
    await using measurer = await activateAt(path, {
      prepare: (operation) => resampler.backend.prepare(operation),
    });
    const prepared = await measurer.backend.prepare(metric());
    await assert.rejects(prepared.run(identity, { derivative: false }), /crashed: .*SIGSEGV/);
    assert.deepEqual(measurer.deaths, []);
    assert.equal(resampler.deaths.length, 1);
  });
});

describe('a warm child', () => {
  it('serves many calls, ends when idle, and starts again when it is needed', async () => {
    await using plugin = await chaos('', {}, { services: { limits: { idleMs: 1 } } });
    const first = plugin.backend.process?.pid;
    await using one = await plugin.backend.prepare(smallResample());
    await runOnce(one);
    await using two = await plugin.backend.prepare(smallResample());
    assert.equal(plugin.backend.process?.pid, first);
    await two[Symbol.asyncDispose]();
    await one[Symbol.asyncDispose]();
    await plugin.backend.process?.ended;
    await using again = await plugin.backend.prepare(smallResample());
    assert.deepEqual([...(await runOnce(again)).data], [...smallImage().data]);
    assert.notEqual(plugin.backend.process?.pid, first);
    assert.deepEqual(plugin.deaths, []);
  });

  it("gives the reference's bits", async () => {
    const operation: Resample = { ...smallResample(), interpolator: 'bspline3' };
    const map = {
      kind: 'affine',
      matrix: new Float64Array([0.9, 0.1, 0.3, -0.1, 0.8, 1.7]),
    } as const;
    await using plugin = await chaos('');
    await using reference = createReference();
    const [there, here] = await Promise.all(
      [plugin.backend, reference].map(async (backend) => {
        await using prepared = await backend.prepare(operation);
        return (await prepared.run(map, { samples: { size: [20, 20] } })).data;
      }),
    );
    assert.deepEqual(there, here);
  });
});
