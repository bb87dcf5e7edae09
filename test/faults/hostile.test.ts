import assert from 'node:assert/strict';
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Manifest } from '@voxhost/sdk';
import { HOSTILE_FAULTS } from './hostile-faults.js';
import { expectVerdict, Zoo } from './zoo.js';

describe('faults of a hostile mind', () => {
  for (const [name, verdict, plant] of HOSTILE_FAULTS)
    it(`${name}: ${verdict}`, () => expectVerdict(verdict, plant));

  it('links that lead in a circle, and names in the wrong case, are told', async () => {
    using zoo = new Zoo();
    symlinkSync('.', join(zoo.root, 'here'));
    symlinkSync('two', join(zoo.root, 'one'));
    symlinkSync('one', join(zoo.root, 'two'));
    writeFileSync(join(zoo.root, 'X.PLUGIN.JSON'), '{}');
    mkdirSync(join(zoo.root, 'folder'));
    writeFileSync(join(zoo.root, 'folder', 'y.Plugin.json'), '{}');
    const { entries, notes } = await zoo.look();
    assert.equal(entries.length, 3);
    assert.deepEqual(
      notes.map((note) => note.slice(zoo.root.length + 1)),
      [
        'X.PLUGIN.JSON is not taken for a manifest: its name must end with .plugin.json',
        'folder/y.Plugin.json is not taken for a manifest: its name must end with .plugin.json',
        'here is a link and not followed',
        'one is a link and not followed',
        'two is a link and not followed',
      ],
    );
  });

  it('many that depend on each other in a row, the last on nothing', async () => {
    using zoo = new Zoo();
    const count = 500;
    const idOf = (n: number) => `org.example.n${String(n).padStart(5, '0')}`;
    for (let n = 0; n < count; n++) {
      const dependsOn = [{ id: idOf(n + 1), version: '^1' }];
      zoo.plant(idOf(n), { manifest: { dependsOn } as Partial<Manifest> });
    }
    const { entries } = await zoo.look({ depth: 'quick' });
    const failed = entries.filter(({ verdict }) => verdict.verdict === 'dependency-failed');
    assert.equal(failed.length, count);
    assert.match(String(failed[0]?.verdict.evidence.found), /dependency-failed/);
    assert.equal(failed.at(-1)?.verdict.evidence.found, 'nothing');
  });
});
