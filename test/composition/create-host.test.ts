import assert from 'node:assert/strict';
import { createGrid, createImage } from '@voxhost/sdk';
import { createHost, type HostLog, isHostError } from 'voxhost';
import { compose, flip } from 'voxhost/lazy';
import { parseQuota, threadsWithin } from '#host/composition/read-threads.js';

const ramp = createImage(
  createGrid({ size: [4, 3] }),
  Float32Array.from({ length: 12 }, (_, i) => i),
);
/** Half a voxel to the right: not a copy, so a backend is needed. */
const halfway = { kind: 'affine', matrix: new Float64Array([1, 0, 0.5, 0, 1, 0]) } as const;

function logged(): { readonly log: HostLog; readonly lines: string[] } {
  const lines: string[] = [];
  return { lines, log: (level, source, text) => void lines.push(`${level} ${source}: ${text}`) };
}

describe('createHost', () => {
  it('serves by the built-in reference where it is told of no plugin, and warns', async () => {
    const { log, lines } = logged();
    await using host = await createHost({ pluginMode: 'only', log });
    const { image, provenance } = await host.resample(ramp, { map: halfway });
    assert.equal(provenance.backend, 'reference');
    assert.equal(image.data[0], 0.5);
    assert.match(
      lines.join('\n'),
      /warn routing: no plugin can serve .*built-in reference does, in about/,
    );
  });

  it('does not warn where the reference was asked for', async () => {
    const { log, lines } = logged();
    await using host = await createHost({ pluginMode: 'only', log, backends: ['reference'] });
    await host.resample(ramp, { map: halfway });
    assert.deepEqual(lines, []);
  });

  it('says once why another serves than who was named first', async () => {
    const { log, lines } = logged();
    const backends = ['cuda', 'reference'];
    await using host = await createHost({ pluginMode: 'only', log, backends });
    for (let n = 0; n < 2; n++) await host.resample(ramp, { map: halfway });
    assert.equal(lines.length, 1);
    assert.match(
      lines[0],
      /^warn routing: cuda \(no plugin of this name .*\) cannot serve 2-D resample .*; reference does$/,
    );
  });

  it('copies by itself, without a backend, what needs no arithmetic', async () => {
    await using host = await createHost({ pluginMode: 'only' });
    const { image, provenance } = await host.resample(ramp, {});
    assert.equal(provenance.backend, 'host');
    assert.deepEqual(image.data, ramp.data);
    assert.notEqual(image.data, ramp.data);
  });

  it('answers nothing after its end, not even a copy', async () => {
    const host = await createHost({ pluginMode: 'only' });
    await host.close();
    await assert.rejects(host.resample(ramp, {}), (e) => isHostError(e, 'HOST_CLOSED'));
  });

  it('refuses an image whose fields do not fit each other, also where it would copy', async () => {
    await using host = await createHost({ pluginMode: 'only' });
    const short = { ...ramp, data: new Float32Array(3) };
    const says = /has 3 values where 1 channel\(s\) of \[4,3\] need 12/;
    await assert.rejects(host.resample(short, {}), says);
    await assert.rejects(compose([flip()]).run(host, short), says);
    const metric = host.metric({ name: 'mean-squares', fixed: ramp, moving: short });
    await assert.rejects(metric, says);
  });

  it('rejects a named backend that is not installed, naming those that are', async () => {
    await using host = await createHost({ pluginMode: 'only', backends: ['cuda'] });
    await assert.rejects(
      host.resample(ramp, { map: halfway }),
      (error) => isHostError(error, 'REQUIRED_BACKEND') && /reference/.test(error.message),
    );
  });

  it('lives side by side with another host, and closing one leaves the other', async () => {
    await using one = await createHost({ pluginMode: 'only', backends: ['reference'] });
    const other = await createHost({ pluginMode: 'only', backends: ['reference'] });
    await other.resample(ramp, { map: halfway });
    assert.notEqual(await one.plugins(), await other.plugins());
    await other.close();
    await other.close();
    await assert.rejects(other.resample(ramp, { map: halfway }), (error) =>
      isHostError(error, 'HOST_CLOSED'),
    );
    assert.equal((await one.resample(ramp, { map: halfway })).image.data[0], 0.5);
  });

  it('keeps a Prepared for many runs', async () => {
    await using host = await createHost({ pluginMode: 'only', backends: ['reference'] });
    const demand = { maps: ['affine'], samples: 'grid', perRun: 12, runs: 2 } as const;
    await using prepared = await host.prepare({
      kind: 'resample',
      source: ramp,
      interpolator: 'linear',
      boundary: { kind: 'nearest' },
      pixelType: 'float32',
      gradient: false,
      demand,
    });
    const first = await prepared.run(halfway, { samples: { size: [4, 3] } });
    const again = await prepared.run(halfway, { samples: { size: [4, 3] } });
    assert.deepEqual(first.data, again.data);
  });

  it('refuses a number of threads that nobody can run', async () => {
    for (const threads of [0, -1, 1.5, Number.NaN]) {
      await assert.rejects(createHost({ threads }), (error) => isHostError(error, 'USAGE'));
    }
  });
});

describe('threads', () => {
  it('stay within the quota of the process group, a part of a processor rounded up', () => {
    assert.equal(threadsWithin(8, parseQuota('150000 100000\n')), 2);
    assert.equal(threadsWithin(8, parseQuota('max 100000\n')), 8);
    assert.equal(threadsWithin(8, parseQuota('20000 100000')), 1);
    assert.equal(threadsWithin(2, parseQuota('800000 100000')), 2);
    assert.equal(threadsWithin(4, parseQuota('-1 100000')), 4);
    assert.equal(threadsWithin(4, parseQuota('')), 4);
  });
});
