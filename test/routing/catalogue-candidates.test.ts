import assert from 'node:assert/strict';
import { builtinReference } from '#host/discovery/builtin-reference.js';
import type { CatalogueEntry } from '#host/discovery/catalogue.js';
import { Calibrations } from '#host/routing/calibration/calibrations.js';
import { CatalogueCandidates } from '#host/routing/catalogue-candidates.js';
import { temporaryFolder } from '../support/temporary-folder.js';
import { compatible, poolOf } from './fakes.js';

const noFile = async () => undefined;
const source = { stat: noFile } as unknown as CatalogueEntry['source'];
const reference = builtinReference(source);
const { manifest } = reference;
assert.ok(manifest);
const found: CatalogueEntry = {
  ...reference,
  layer: 7,
  manifest: { ...manifest, id: 'org.example.quick', name: 'quick' },
};

/** Candidates of a catalogue that the test changes. */
function candidatesOf(folder: string) {
  const state = {
    entries: [found, reference] as readonly CatalogueEntry[],
    activity: { isActive: false } as { isActive: boolean; startingForMs?: number },
  };
  const calibrations = new Calibrations(folder, { threads: 1, limits: {} } as never);
  const catalogue = {
    read: async () => ({ entries: [...state.entries], notes: [] }),
    verify: async (entry: CatalogueEntry) => entry,
    strike: () => undefined,
  };
  const pool = { ...poolOf([]), activityOf: () => state.activity };
  return {
    state,
    calibrations,
    candidates: new CatalogueCandidates(catalogue, pool, calibrations),
  };
}

describe('the candidates of a catalogue', () => {
  it('are the same list until something changes', async () => {
    using folder = temporaryFolder();
    const { state, calibrations, candidates } = candidatesOf(folder.path);
    const first = await candidates.read();
    assert.deepEqual(
      first.map(({ name, isActive }) => [name, isActive]),
      [
        ['quick', false],
        ['reference', false],
      ],
    );
    assert.equal(await candidates.read(), first);

    state.activity = { isActive: true };
    const active = await candidates.read();
    assert.equal(active[0]?.isActive, true);
    assert.equal(await candidates.read(), active);

    const verdict = { ...compatible, verdict: 'quarantined' as const };
    state.entries = [{ ...found, verdict }, reference];
    const held = await candidates.read();
    assert.equal(held[0]?.verdict.verdict, 'quarantined');

    state.entries = [reference];
    assert.equal((await candidates.read()).length, 1);

    state.entries = [found];
    const cost = { startMs: 0, prepareNsPerVoxel: 0, runMs: 7, nsPerSample: 0, copyGBs: 0 };
    const blocks = (manifest.capabilities ?? []).map(() => ({
      cost,
      error: { median: 0, worst: 0 },
    }));
    const fingerprint = await calibrations.fingerprint(found);
    assert.equal((await candidates.read())[0]?.basis, 'manifest');
    await calibrations.store({
      'org.example.quick': {
        fingerprint,
        measuredAt: '2026-01-01T00:00:00.000Z',
        blocks: blocks as never,
      },
    });
    const calibrated = await candidates.read();
    assert.equal(calibrated[0]?.basis, 'calibrated');
    assert.equal(calibrated[0]?.capabilities[0]?.cost.runMs, 7);
  });

  it('say how long one has been starting at each reading', async () => {
    using folder = temporaryFolder();
    const { state, candidates } = candidatesOf(folder.path);
    for (const startingForMs of [5, 7]) {
      state.activity = { isActive: false, startingForMs };
      assert.equal((await candidates.read())[0]?.startingForMs, startingForMs);
    }
    state.activity = { isActive: true };
    assert.equal((await candidates.read())[0]?.startingForMs, undefined);
  });
});
