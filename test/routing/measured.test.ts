import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { affineMap, createGrid, createImage, type Resample } from '@voxhost/sdk';
import { createHost } from 'voxhost';
import { renderExplanation } from '#host/cli/render-explanation.js';
import { joinBooks } from '#host/routing/measured/measured-book.js';
import { ownState } from '../support/own-state.js';

const SIZE = [6, 5, 4];

const operation: Resample = {
  kind: 'resample',
  source: createImage(createGrid({ size: SIZE }), new Float32Array(120)),
  interpolator: 'linear',
  boundary: { kind: 'nearest' },
  pixelType: 'float32',
  gradient: false,
  demand: { maps: ['affine'], samples: 'grid', perRun: 120, runs: 3 },
};
const map = affineMap([0.9, 0.1, 0, 0, 0, 1, 0, 0.5, 0, 0, 1, 0]);

describe('an explanation of a call that was made before', () => {
  it('shows what it took beside what was predicted, also in a later process', async () => {
    using state = ownState();
    const settings = { threads: 1, backends: ['cpu'] } as const;
    const measuredOf = async (asked: Resample): Promise<number | undefined> => {
      await using host = await createHost(settings);
      const { candidates } = await host.explain(asked);
      return candidates.find(({ backend }) => backend === 'cpu')?.measuredMs;
    };
    assert.equal(await measuredOf(operation), undefined);
    const host = await createHost(settings);
    const prepared = await host.prepare(operation);
    const { provenance } = await prepared.run(map, { samples: { size: SIZE } });
    await prepared[Symbol.asyncDispose]();
    const [served] = provenance.attempts;
    const took = (served?.prepareMs ?? 0) + 3 * (served?.ms ?? 0);
    const explained = await host.explain(operation);
    assert.equal(explained.candidates[0]?.measuredMs, took);
    assert.match(renderExplanation(explained), /predicted .* ms .*, last measured .* ms/);
    await host.close();
    assert.equal(await measuredOf(operation), took);
    assert.equal(await measuredOf({ ...operation, interpolator: 'nearest' }), undefined);
    const path = join(state.path, 'voxhost', 'measured.json');
    writeFileSync(path, readFileSync(path, 'utf8').slice(0, -5));
    assert.equal(await measuredOf(operation), undefined);
  });

  it('forgets the oldest of many', () => {
    const many = new Map(Array.from({ length: 300 }, (_, i) => [`call ${i}`, i]));
    const joined = joinBooks(many, new Map([['call 0', 7]]));
    assert.equal(joined.size, 200);
    assert.equal(joined.get('call 0'), 7);
    assert.equal(joined.has('call 1'), false);
  });
});
