import assert from 'node:assert/strict';
import { affineMap, createGrid, createImage, type Image, type Resample } from '@voxhost/sdk';
import { createHost, type Host, type HostOptions } from 'voxhost';
import { processesBelow } from '../support/processes-below.js';
import { type TemporaryFolder, temporaryFolder } from '../support/temporary-folder.js';
import { type WrittenPlugin, writePlugin } from '../support/written-plugin.js';

const SIZE = [8, 8, 8];
const samples = { size: SIZE };
const map = affineMap(Float64Array.of(1, 0, 0, 0.5, 0, 1, 0, 0, 0, 0, 1, 0));

const volume = (): Image => createImage(createGrid({ size: SIZE }), new Float32Array(512).fill(1));

const resampleOf = (source: Image): Resample => ({
  kind: 'resample',
  source,
  interpolator: 'linear',
  boundary: { kind: 'nearest' },
  pixelType: 'float32',
  gradient: false,
  demand: { maps: ['affine', 'field-1'], samples: 'grid', perRun: 512, runs: 2 },
});

/** Gives the memory away, as posting it to a worker does. */
const giveAway = (view: ArrayBufferView): void => {
  structuredClone(view, { transfer: [view.buffer as ArrayBuffer] });
};

const code = (wanted: string) => (error: unknown) => {
  assert.equal((error as { code?: unknown }).code, wanted, String(error));
  return true;
};

const LATE = 'await new Promise((resolve) => setTimeout(resolve, 100));';

interface Served {
  readonly name: string;
  readonly options: (folder: TemporaryFolder) => HostOptions;
}

const inChild = (plugin: WrittenPlugin): Served['options'] => {
  return (folder) => {
    writePlugin(folder, plugin, { id: 'org.example.late', name: 'late' });
    return { pluginPaths: [folder.path], backends: ['late'] };
  };
};

const SERVED: readonly Served[] = [
  { name: 'cpu', options: () => ({ backends: ['cpu'], threads: 1 }) },
  { name: 'cpu with two threads', options: () => ({ backends: ['cpu'], threads: 2 }) },
  { name: 'reference', options: () => ({ backends: ['reference'] }) },
  {
    name: 'a child that is slow',
    options: inChild({ prepare: LATE, run: `${LATE} return serve();` }),
  },
];

for (const { name, options } of SERVED)
  describe(`the life of a host over ${name}`, () => {
    let folder: TemporaryFolder;
    let host: Host;
    const warnings: string[] = [];
    beforeEach(async () => {
      folder = temporaryFolder();
      warnings.length = 0;
      const log: HostOptions['log'] = (level, _source, text) => {
        if (level === 'warn' || level === 'error') warnings.push(text);
      };
      host = await createHost({ quarantine: 'off', log, ...options(folder) });
    });
    afterEach(async () => {
      await host.close();
      assert.deepEqual(processesBelow(folder.path), []);
      folder[Symbol.dispose]();
    });

    it('says HOST_CLOSED to everything after close, and blames no backend', async () => {
      const prepared = await host.prepare(resampleOf(volume()));
      await host.close();
      await assert.rejects(prepared.run(map, { samples }), code('HOST_CLOSED'));
      await assert.rejects(host.prepare(resampleOf(volume())), code('HOST_CLOSED'));
      await assert.rejects(host.explain(resampleOf(volume())), code('HOST_CLOSED'));
      await assert.rejects(host.plugins(), code('HOST_CLOSED'));
      await assert.rejects(host.calibrate(), code('HOST_CLOSED'));
      await prepared[Symbol.asyncDispose]();
      assert.deepEqual(warnings, []);
    });

    it('answers what was asked before close, or says HOST_CLOSED', async () => {
      const prepared = await host.prepare(resampleOf(volume()));
      const asked = [
        prepared.run(map, { samples }),
        prepared.run(map, { samples }),
        host.prepare(resampleOf(volume())),
        host.resample(volume(), { spacing: [0.7, 0.7, 0.7] }),
      ];
      const outcomes = Promise.allSettled(asked);
      await Promise.all([host.close(), host.close()]);
      for (const outcome of await outcomes)
        if (outcome.status === 'rejected') code('HOST_CLOSED')(outcome.reason);
      assert.deepEqual(warnings, []);
    });

    it('ends a disposal for both who ask for it at the same time', async () => {
      const prepared = await host.prepare(resampleOf(volume()));
      const run = prepared.run(map, { samples });
      run.catch(() => undefined);
      const order: string[] = [];
      const first = prepared[Symbol.asyncDispose]().then(() => order.push('first'));
      const second = prepared[Symbol.asyncDispose]().then(() => order.push('second'));
      await Promise.all([first, second]);
      assert.deepEqual(order, ['first', 'second']);
      await assert.rejects(prepared.run(map, { samples }), code('DISPOSED'));
    });

    it('blames the caller for a source given away while it is prepared', async () => {
      const source = volume();
      const preparing = host.prepare(resampleOf(source));
      preparing.catch(() => undefined);
      giveAway(source.data);
      await assert.rejects(preparing, code('BAD_IMAGE'));
      await using next = await host.prepare(resampleOf(volume()));
      assert.equal((await next.run(map, { samples })).data[0], 1);
    });

    it('blames the caller for a buffer or a map given away before its turn, and serves the next run', async () => {
      await using prepared = await host.prepare(resampleOf(volume()));
      const into = new Float32Array(512);
      const spoilt = prepared.run(map, { samples, into });
      giveAway(into);
      await assert.rejects(spoilt, code('BAD_ARGUMENT'));
      const lent = affineMap(map.matrix);
      const lost = prepared.run(lent, { samples });
      giveAway(lent.matrix);
      await assert.rejects(lost, code('BAD_ARGUMENT'));
      const points = new Float64Array(300);
      const pointed = prepared.run(map, { samples: { points } });
      giveAway(points);
      const missing = await pointed.catch((error: { code?: string }) => error.code);
      if (typeof missing === 'string') assert.equal(missing, 'BAD_ARGUMENT');
      assert.equal((await prepared.run(map, { samples })).data[0], 1);
      assert.deepEqual(warnings, []);
    });

    it('outlives a buffer given away while it is filled, and serves the next run', async () => {
      await using prepared = await host.prepare(resampleOf(volume()));
      const into = new Float32Array(512);
      const spoilt = prepared.run(map, { samples, into });
      await new Promise((resolve) => setTimeout(resolve, 20));
      giveAway(into);
      const outcome = await spoilt.then(
        ({ data }) => data.length,
        (error: { code?: string }) => error.code,
      );
      assert.ok(outcome === 0 || outcome === 'BAD_ARGUMENT', String(outcome));
      assert.equal((await prepared.run(map, { samples })).data[0], 1);
      assert.deepEqual(warnings, []);
    });
  });

describe('a calibration', () => {
  it('ends when the host is closed', async () => {
    const host = await createHost({ quarantine: 'off' });
    const progress = () => void host.close();
    await assert.rejects(
      host.calibrate({ backends: ['reference'], progress }),
      code('HOST_CLOSED'),
    );
  });

  it('does not begin with a signal that is aborted', async () => {
    await using host = await createHost({ quarantine: 'off' });
    const began: string[] = [];
    const reason = new Error('never mind');
    const progress = (text: string) => void began.push(text);
    const calibrating = host.calibrate({ signal: AbortSignal.abort(reason), progress });
    await assert.rejects(calibrating, reason);
    assert.deepEqual(began, []);
  });
});
