import assert from 'node:assert/strict';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import * as sdk from '@voxhost/sdk';
import { createHost, HOST_ERROR_CODES, type Host } from 'voxhost';
import * as geometry from 'voxhost/geometry';
import * as io from 'voxhost/io';
import * as lazy from 'voxhost/lazy';
import { HOSTILE_VALUES, pathsInto, withValueAt } from '../support/hostile-values.js';
import { linearResample } from '../support/operations.js';
import { temporaryFolder } from '../support/temporary-folder.js';

const CODES: readonly string[] = [...HOST_ERROR_CODES, ...sdk.ERROR_CODES];

const grid = {
  size: [3, 3, 3],
  spacing: [1, 1, 1],
  origin: [0, 0, 0],
  direction: [1, 0, 0, 0, 1, 0, 0, 0, 1],
};
const image = {
  pixelType: 'float32',
  channels: 1,
  grid,
  data: Float32Array.from({ length: 27 }, (_, i) => i),
};
const rows = Float64Array.of(1, 0, 0, 0.5, 0, 1, 0, 0, 0, 0, 1, 0);
const affine = { kind: 'affine', matrix: rows };
const field = {
  kind: 'field',
  matrix: rows,
  vectors: Float64Array.of(1, 0, 0, 0, 1, 0, 0, 0, 1),
  lookup: rows,
  lattice: { size: [2, 2, 2], order: 1, outside: 'edge', data: new Float64Array(24) },
};
const demand = { maps: ['affine'], samples: 'grid', perRun: 27, runs: 1 };
const resample = {
  kind: 'resample',
  source: image,
  interpolator: 'linear',
  boundary: { kind: 'constant', value: 0 },
  pixelType: 'float32',
  gradient: false,
  demand,
};
const metric = { name: 'mean-squares', fixed: image, moving: image, derivative: true };
const settings = { backends: ['reference'], fallback: 'never', replay: 'never', budgetMs: 1000 };
const euler = {
  kind: 'euler-3d',
  dims: 3,
  parameters: new Float64Array(6),
  center: [0, 0, 0],
  zyx: false,
};
const bspline = { kind: 'bspline', grid, parameters: new Float64Array(81) };
const composite = { kind: 'composite', members: [euler, bspline] };
const pipeline = {
  lazy: true,
  transforms: [
    { _target_: 'Rotate', angle: [0, 0, 0.1], mode: 'bilinear' },
    { _target_: 'OneOf', weights: [1], transforms: [{ _target_: 'Flip', spatial_axis: 0 }] },
    { _target_: 'Rotate90', k: 1, spatial_axes: [0, 1] },
    { _target_: 'RandGridDistortion', prob: 1, num_cells: 2 },
  ],
};

type Call = readonly [run: (...given: never[]) => unknown, ...good: unknown[]];

/** Public functions with arguments that they accept. */
const callsOf = (host: Host, folder: string): { readonly [name: string]: Call } => ({
  createHost: [createHost, { threads: 1, quarantine: 'on', limits: { initMs: 1 } }],
  'host.resample': [host.resample, image, { spacing: [2, 2, 2], transforms: [field], ...settings }],
  'host.resample by map': [host.resample, image, { like: grid, map: field, copies: 'never' }],
  'host.metric': [
    async (request: never) => (await host.metric(request))[Symbol.asyncDispose](),
    { ...metric, demand, ...settings },
  ],
  'host.prepare': [
    async (...given: never[]) =>
      (await host.prepare(...(given as unknown as [never])))[Symbol.asyncDispose](),
    resample,
    settings,
  ],
  'host.explain': [host.explain, resample, settings],
  'geometry.rigid': [geometry.rigid, { rotation: [0, 0, 0.1], translation: [1, 0, 0], zyx: true }],
  'geometry.linear': [geometry.linear, 'euler-3d', 3, [0, 0, 0, 1, 0, 0], { center: [0, 0, 0] }],
  'geometry.inverse': [geometry.inverse, euler],
  'geometry.toIndexMap': [geometry.toIndexMap, composite, grid, grid],
  'geometry.transformPoint': [geometry.transformPoint, composite, [1, 2, 3]],
  'geometry.transformDimensions': [geometry.transformDimensions, composite],
  'geometry.linearMatrix': [geometry.linearMatrix, euler],
  'io.readImage': [io.readImage, join(folder, 'none.nii'), { maxBytes: 1, shear: 'keep' }],
  'io.writeImage': [io.writeImage, image, join(folder, 'out.nii'), { level: 1, frameSpacing: 1 }],
  'io.writeTransform': [io.writeTransform, composite, join(folder, 'out.tfm')],
  'lazy.parsePipeline': [
    async (json: never) => lazy.parsePipeline(json).run(host, image as sdk.Image),
    pipeline,
  ],
  'lazy.spacing': [lazy.spacing, { pixdim: [1, 1, 1], diagonal: false, mode: 'bilinear' }],
  'lazy.elastic': [lazy.elastic, { seed: 1, sigma: 1, magnitude: 1 }],
  'lazy.outputGrid': [lazy.outputGrid, grid, { spacing: [2, 2, 2], orientation: 'RAS' }],
  'lazy.createMapCache': [lazy.createMapCache, { entries: 2, bytes: 100 }],
  'lazy.createRandomStream': [lazy.createRandomStream, 1, 0],
  'sdk.evaluate': [sdk.evaluate, field, [1, 1, 1]],
  'sdk.jacobian': [sdk.jacobian, field, [1, 1, 1]],
  'sdk.gridProblem': [sdk.gridProblem, { ...grid }],
  'sdk.mapProblem': [(map: never) => sdk.mapProblem(map, 3), field],
  'sdk.createGrid': [sdk.createGrid, grid],
  'sdk.createImage': [sdk.createImage, grid, image.data, 1],
  'sdk.affineMap': [sdk.affineMap, [...rows]],
  'sdk.sequenceMap': [sdk.sequenceMap, [affine, field]],
  'sdk.locateAll': [sdk.locateAll, field, { size: [2, 2, 2], start: [0, 0, 0] }, 3],
});

/** What a call came to that is neither an answer nor an error of the vocabulary. */
async function strange([run, ...good]: Call): Promise<readonly string[]> {
  const found: string[] = [];
  const paths = pathsInto(good).slice(1);
  for (const [p, path] of paths.entries()) {
    // Each path meets some of the values, and together the paths meet them all.
    for (let v = p % 3; v < HOSTILE_VALUES.length; v += 3) {
      const given = withValueAt(good, path, HOSTILE_VALUES[v]()) as never[];
      try {
        const answer = await run(...given);
        await (answer as { close?: () => Promise<void> } | undefined)?.close?.();
      } catch (error) {
        const { code } = error as { code?: string };
        if (!CODES.includes(code ?? '')) found.push(`${path.join('.')} value ${v}: ${error}`);
      }
    }
  }
  return found;
}

const quiet = { pluginMode: 'only', backends: ['reference'], log: () => undefined } as const;

describe('a public function that is misused from JavaScript', () => {
  it('throws an error of the vocabulary, whatever it was given instead of anything in its arguments', async function () {
    this.timeout(60_000);
    using folder = temporaryFolder();
    await using host = await createHost(quiet);
    for (const [name, call] of Object.entries(callsOf(host, folder.path))) {
      assert.deepEqual(await strange(call), [], name);
    }
    const { provenance } = await host.resample(image as sdk.Image, { size: [2, 2, 2] });
    assert.equal(provenance.backend, 'reference', 'the host is as good as before');
    const written = await readdir(folder.path);
    assert.deepEqual(
      written.filter((name) => name.endsWith('.part')),
      [],
    );
  });

  it('refuses a field that is misspelt, which would do nothing', async () => {
    await using host = await createHost(quiet);
    const misspelt = { spaceing: [2, 2, 2] } as object;
    await assert.rejects(
      host.resample(image as sdk.Image, misspelt),
      /"spaceing" is not known; did you mean "spacing"/,
    );
    await assert.rejects(
      async () => createHost({ thread: 1 } as object),
      /"thread" is not known; did you mean "threads"/,
    );
    assert.throws(() => lazy.spacing({ pixdim: 1, pixdims: 1 } as never), /"pixdims" is not known/);
  });

  it('takes Infinity where a limit is asked for', async () => {
    const none = Number.POSITIVE_INFINITY;
    await using host = await createHost({ ...quiet, limits: { residentBytes: none } });
    const operation = linearResample(image as sdk.Image);
    const { candidates } = await host.explain(operation, { budgetMs: none });
    assert.ok(candidates.length > 0);
    await assert.rejects(host.explain(operation, { budgetMs: -1 }), /at least 0/);
  });

  it('takes an object that is more than what it asks for', async () => {
    await using host = await createHost(quiet);
    const request = { size: [2, 2, 2], name: 'case 7', expected: [1] } as const;
    const { image: more } = await host.resample(image as sdk.Image, request);
    assert.deepEqual(more.grid.size, [2, 2, 2]);
    const lattice = {
      size: [1, 1, 1],
      data: new Float32Array(3),
      order: 1,
      outside: 'zero',
    } as const;
    const field = sdk.fieldMap({ lattice });
    assert.deepEqual(sdk.fieldMap(field), field, 'a map is what makes it, and more');
  });

  it('takes arrays over shared and over resizable memory', async () => {
    await using host = await createHost(quiet);
    const Resizable = ArrayBuffer as unknown as new (n: number, o: object) => ArrayBuffer;
    for (const memory of [
      new SharedArrayBuffer(108),
      new Resizable(108, { maxByteLength: 1000 }),
    ]) {
      const data = new Float32Array(memory as ArrayBuffer);
      data.set(image.data);
      const shared = { ...image, data } as sdk.Image;
      const { image: half } = await host.resample(shared, { size: [2, 2, 2] });
      const { image: same } = await host.resample(image as sdk.Image, { size: [2, 2, 2] });
      assert.deepEqual([...half.data], [...same.data]);
    }
  });
});

describe('a callback that throws', () => {
  const broken = () => {
    throw new RangeError('out of patience');
  };

  for (const [what, map] of [
    ['a copy', undefined],
    ['a run', affine as sdk.IndexMap],
  ] as const)
    it(`as progress of ${what} ends the call as the caller's fault, and no backend is blamed`, async () => {
      const lines: string[] = [];
      const log = (_: string, __: string, text: string) => void lines.push(text);
      await using host = await createHost({ ...quiet, backends: ['reference', 'cpu'], log });
      const request = { progress: broken, ...(map && { map }) };
      await assert.rejects(host.resample(image as sdk.Image, request), (error: Error) => {
        assert.ok(sdk.isVoxhostError(error, 'BAD_ARGUMENT'), String(error));
        assert.equal(error.fields.argument, 'progress');
        assert.match(error.message, /threw when it was called: out of patience/);
        assert.ok(error.cause instanceof RangeError);
        return true;
      });
      assert.deepEqual(
        lines.filter((line) => line.includes('failed')),
        [],
      );
    });

  it('as progress of a reading or writing does so too, and leaves no file', async () => {
    using folder = temporaryFolder();
    const path = join(folder.path, 'a.nii');
    const says = /"progress" threw/;
    await assert.rejects(io.writeImage(image as sdk.Image, path, { progress: broken }), says);
    assert.deepEqual(await readdir(folder.path), []);
    await io.writeImage(image as sdk.Image, path);
    await assert.rejects(io.readImage(path, { progress: broken }), says);
  });

  it('as log ends nothing', async () => {
    await using host = await createHost({ pluginMode: 'only', log: broken });
    const { provenance } = await host.resample(image as sdk.Image, { map: affine as sdk.IndexMap });
    assert.equal(provenance.backend, 'reference');
  });
});
