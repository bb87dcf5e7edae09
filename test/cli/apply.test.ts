import assert from 'node:assert/strict';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createHost } from 'voxhost';
import { readImage } from 'voxhost/io';
import { parsePipeline } from 'voxhost/lazy';
import { capture } from '../support/capture.js';
import { scratchFolder } from '../support/scratch.js';

const PIPELINE = {
  lazy: true,
  transforms: [
    { _target_: 'Spacing', pixdim: [4, 4, 4], padding_mode: 'zeros' },
    { _target_: 'Orientation', axcodes: 'RAS' },
    { _target_: 'Rotate', angle: [0.1, 0, 0.2], padding_mode: 'zeros' },
  ],
};

/** Runs lines in a folder that holds a phantom `head.nii` and the pipeline `p.json`. */
async function inFolder<T>(
  pipeline: object,
  work: (
    line: (...args: readonly string[]) => ReturnType<typeof capture>,
    folder: string,
  ) => Promise<T>,
): Promise<T> {
  await using folder = await scratchFolder();
  const at = (name: string): string =>
    /^[\w{}-]+\.(nii|json)(\.trace\.json)?$/.test(name) ? join(folder.path, name) : name;
  await writeFile(join(folder.path, 'p.json'), JSON.stringify(pipeline));
  await capture(['phantom', join(folder.path, 'head.nii'), '--quiet']);
  return await work((...args) => capture(args.map(at)), folder.path);
}

describe('voxhost apply', () => {
  it('writes what the library gives, with its trace, and brings it back', async () => {
    await inFolder(PIPELINE, async (line, folder) => {
      const applied = await line('apply', 'p.json', 'head.nii', 'out.nii');
      assert.equal(applied.exitCode, 0, applied.err);
      await using host = await createHost();
      const head = await readImage(join(folder, 'head.nii'));
      const { image } = await parsePipeline(PIPELINE).run(host, head);
      const written = await readImage(join(folder, 'out.nii'));
      assert.deepEqual(written.data, image.data);
      const trace = JSON.parse(await readFile(join(folder, 'out.nii.trace.json'), 'utf8'));
      assert.equal(trace.items.length, 3);
      const back = await line('apply', 'p.json', 'out.nii', 'back.nii', '--inverse');
      assert.equal(back.exitCode, 0, back.err);
      const restored = await readImage(join(folder, 'back.nii'));
      assert.deepEqual(restored.grid, head.grid);
    });
  });

  it('explains every step and who would take it, and writes nothing', async () => {
    await inFolder(PIPELINE, async (line, folder) => {
      const { exitCode, out, err } = await line(
        'explain',
        'apply',
        'p.json',
        'head.nii',
        'out.nii',
        '--json',
      );
      assert.equal(exitCode, 0, err);
      const [step, ...more] = JSON.parse(out).image.steps;
      assert.equal(more.length, 0);
      assert.equal(step.form, 'affine');
      assert.ok(step.routing.candidates.length > 0);
      assert.ok(!(await readdir(folder)).includes('out.nii'));
      const eager = await line(
        'explain',
        'apply',
        'p.json',
        'head.nii',
        'out.nii',
        '--json',
        '--lazy',
        'false',
      );
      assert.equal(JSON.parse(eager.out).image.steps.length, 3);
    });
  });

  it('numbers the samples of a pipeline that gives several', async () => {
    const several = {
      lazy: true,
      transforms: [{ _target_: 'RandSpatialCropSamples', roi_size: 8, num_samples: 3 }],
    };
    await inFolder(several, async (line, folder) => {
      const { exitCode, err } = await line(
        'apply',
        'p.json',
        'head.nii',
        'patch-{}.nii',
        '--no-trace',
        '--seed',
        '5',
      );
      assert.equal(exitCode, 0, err);
      const files = (await readdir(folder)).filter((name) => name.startsWith('patch'));
      assert.deepEqual(files.sort(), ['patch-0.nii', 'patch-1.nii', 'patch-2.nii']);
      const one = await line('apply', 'p.json', 'head.nii', 'one.nii');
      assert.equal(one.exitCode, 2);
      assert.ok(!(await readdir(folder)).includes('one.nii'));
    });
  });

  for (const [what, pipeline] of [
    ['what is not supported', [{ _target_: 'Blur' }]],
    ['a value of the wrong type', [{ _target_: 'Rotate', angle: 'left' }]],
  ] as const) {
    it(`refuses ${what} with its place, exit 3, and writes nothing`, async () => {
      await inFolder(pipeline, async (line, folder) => {
        const { exitCode, err } = await line('apply', 'p.json', 'head.nii', 'out.nii');
        assert.equal(exitCode, 3);
        assert.match(err, /p\.json: pipeline at 0/);
        assert.equal(err.trim().split('\n').length, 1);
        assert.deepEqual((await readdir(folder)).sort(), ['head.nii', 'p.json']);
      });
    });
  }

  it('needs a trace to invert', async () => {
    await inFolder(PIPELINE, async (line) => {
      const { exitCode, err } = await line('apply', 'p.json', 'head.nii', 'back.nii', '--inverse');
      assert.equal(exitCode, 3);
      assert.match(err, /trace/);
    });
  });

  const grid = {
    size: [3, 3, 3],
    spacing: [1, 1, 1],
    origin: [0, 0, 0],
    direction: [1, 0, 0, 0, 1, 0, 0, 0, 1],
  };
  const whole = {
    format: 'voxhost-trace/1',
    source: { grid, pixelType: 'int16' },
    shapes: 'real',
    items: [{ _target_: 'Spacing', params: { pixdim: [2, 2, 2] }, lazy: true }],
  };
  const broken: readonly (readonly [string, unknown, RegExp])[] = [
    ['null', null, /it is no object/],
    ['another format', { ...whole, format: 'voxhost-trace/2' }, /its format/],
    ['no source', { ...whole, source: undefined }, /source is no object/],
    ['no such pixel type', { ...whole, source: { grid, pixelType: 'int64' } }, /source\.pixelType/],
    ['a grid without size', { ...whole, source: { grid: {}, pixelType: 'int16' } }, /grid\.size/],
    [
      'a grid that no volume can have',
      { ...whole, source: { grid: { ...grid, spacing: [1, 1, 0] }, pixelType: 'int16' } },
      /spacing/,
    ],
    ['no such shapes', { ...whole, shapes: 'round' }, /shapes is none of/],
    ['no items', { ...whole, items: {} }, /items is no list/],
    [
      'an item without parameters',
      { ...whole, items: [{ _target_: 'Spacing', lazy: true }] },
      /items\.0\.params/,
    ],
    [
      'an item without name',
      { ...whole, items: [{ params: {}, lazy: true }] },
      /items\.0\._target_/,
    ],
    [
      'an item neither lazy nor not',
      { ...whole, items: [{ _target_: 'Spacing', params: {} }] },
      /items\.0\.lazy/,
    ],
  ];

  it('refuses a file that is no trace, saying where, exit 3', async () => {
    await inFolder(PIPELINE, async (line, folder) => {
      for (const [what, json, reason] of broken) {
        await writeFile(join(folder, 'trace.json'), JSON.stringify(json));
        const { exitCode, err } = await line(
          ...['apply', 'p.json', 'head.nii', 'back.nii', '--inverse', '--trace', 'trace.json'],
        );
        assert.equal(exitCode, 3, `${what}: ${err}`);
        assert.match(err, /trace\.json: is no trace: /, what);
        assert.match(err, reason, what);
      }
      assert.deepEqual((await readdir(folder)).sort(), ['head.nii', 'p.json', 'trace.json']);
    });
  });
});
