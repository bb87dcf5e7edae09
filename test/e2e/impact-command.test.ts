import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { writeImage } from 'voxhost/io';
import { imageOf, texture } from '../plugins/impact/scenes.js';
import { runVoxhost, start } from '../support/run-voxhost.js';
import { scratchFolder, stateBelow } from '../support/scratch.js';

interface Printed {
  readonly value: number;
  readonly samples: number;
  readonly derivative: { readonly values: readonly number[] };
}

describe('voxhost and IMPACT', function () {
  this.timeout(60_000);

  it('models inspect says what a model is, as text and as JSON', async () => {
    await using folder = await scratchFolder();
    const text = await runVoxhost(['models', 'inspect', 'mind'], folder.path);
    assert.equal(text.exitCode, 0, text.err);
    assert.match(text.out, /receptive field 7 x 7 x 7/);
    const json = await runVoxhost(['models', 'inspect', 'mind-r2d2', '--json'], folder.path);
    const model = JSON.parse(json.out) as {
      layers: { receptiveField: number[] }[];
      gradient: { kind: string };
    };
    assert.deepEqual(model.layers[0].receptiveField, [9, 9, 9]);
    assert.equal(model.gradient.kind, 'graph');
  });

  it('models inspect refuses what is no model', async () => {
    await using folder = await scratchFolder();
    await writeFile(join(folder.path, 'a.onnx'), 'no model');
    for (const name of ['a.onnx', 'missing.onnx']) {
      const { exitCode, out, err } = await runVoxhost(['models', 'inspect', name], folder.path);
      assert.equal(exitCode, 3, err);
      assert.equal(out, '');
      assert.equal(err.trim().split('\n').length, 1);
    }
  });

  it('metric --metric impact measures in both modes, and in both the same picture is itself', async () => {
    await using folder = await scratchFolder();
    const [one, other] = ['one', 'other'].map((name) => join(folder.path, `${name}.nii.gz`));
    await writeImage(imageOf({ size: [14, 13, 12] }), one);
    await writeImage(
      imageOf({ size: [14, 13, 12] }, (p) => texture([p[0] + 1, p[1], p[2]])),
      other,
    );
    const flags = (options: readonly string[]) => options.flatMap((o) => ['--option', o]);
    const common = ['model=mind-r1d1', 'distance=L2', 'samples=40'];
    for (const mode of ['static', 'jacobian']) {
      const measure = async (moving: string) => {
        const args = ['metric', one, moving, '--metric', 'impact', '--derivative', '--json'];
        const options = flags([...common, `mode=${mode}`]);
        const { exitCode, out, err } = await runVoxhost([...args, ...options], folder.path);
        assert.equal(exitCode, 0, err);
        const { derivative, ...rest } = JSON.parse(out) as Printed;
        return { ...rest, derivative: derivative.values };
      };
      const same = await measure(one);
      assert.equal(same.value, 0);
      assert.ok(same.samples > 10 && same.samples <= 40);
      const { value, derivative } = await measure(other);
      assert.ok(value > 0);
      assert.equal(derivative.length, 12);
      assert.ok(derivative.some((d) => d !== 0));
    }
  });

  it('loads nothing of onnxruntime for a resample', async function () {
    if (process.platform !== 'linux') this.skip();
    const program = `
      import { readFileSync } from 'node:fs';
      import { createRequire } from 'node:module';
      import { createHost } from 'voxhost';
      import { createGrid, createImage } from '@voxhost/sdk';
      const host = await createHost();
      const plugins = await host.plugins();
      const image = createImage(createGrid({ size: [6, 6, 6] }), new Float32Array(216));
      await host.resample(image, { spacing: [1.3, 1.3, 1.3] });
      const maps = readFileSync('/proc/self/maps', 'utf8');
      const cached = Object.keys(createRequire(import.meta.url).cache).join();
      console.log(JSON.stringify({
        isThere: plugins.entries.some((e) => e.manifest?.name === 'impact'),
        isMapped: maps.includes('onnxruntime'),
        isCached: cached.includes('onnxruntime'),
      }));
      await host.close();`;
    const argv = ['--input-type=module', '-e', program];
    await using home = await scratchFolder();
    const env = stateBelow(home.path);
    const { exitCode, out, err } = await start(process.execPath, argv, resolve('.'), { env }).ended;
    assert.equal(exitCode, 0, err);
    assert.deepEqual(JSON.parse(out), { isThere: true, isMapped: false, isCached: false });
  });
});
