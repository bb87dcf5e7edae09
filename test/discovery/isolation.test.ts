import assert from 'node:assert/strict';
import type { Manifest, Target } from '@voxhost/sdk';
import { decideIsolation, type IsolationInput } from '#host/discovery/isolation.js';
import { esmTarget, manifestOf } from '../support/manifest-builder.js';

const decide = (
  changes: Partial<Omit<IsolationInput, 'manifest'>> & {
    readonly isolation?: Manifest['isolation'];
  } = {},
) => {
  const { isolation, ...rest } = changes;
  const manifest = manifestOf(isolation === undefined ? {} : { isolation });
  return decideIsolation({ layer: 7, manifest, target: esmTarget, isTrusted: false, ...rest });
};
const targetWith = (changes: Partial<Target>): Target => ({ ...esmTarget, ...changes });

describe('isolation', () => {
  it('lets what ships with the host, or is trusted, run inline', () => {
    assert.equal(decide().kind, 'inline');
    assert.equal(decide({ layer: 4, isTrusted: true }).kind, 'inline');
  });

  const processes: readonly (readonly [string, Parameters<typeof decide>[0], RegExp])[] = [
    ['what the user installed', { layer: 4 }, /not trusted/],
    [
      'what asks for it',
      { isolation: { supports: ['inline', 'process'], default: 'process' } },
      /asks/,
    ],
    [
      'an addon',
      { target: targetWith({ entry: { type: 'node-addon', path: 'a.node', napi: 8 } }) },
      /node-addon/,
    ],
    ['a program', { target: targetWith({ entry: { type: 'exec', path: 'a' } }) }, /exec/],
    [
      'what requires a library, though trusted',
      {
        isTrusted: true,
        target: targetWith({
          requires: { libraries: [{ name: 'onnxruntime-node', kind: 'npm', source: 'user' }] },
        }),
      },
      /onnxruntime-node/,
    ],
    [
      'what requires a device',
      { target: targetWith({ requires: { devices: [{ class: 'cuda', min: 1 }] } }) },
      /device/,
    ],
    [
      'what carries a shared library',
      { target: targetWith({ files: [{ path: 'lib/libx.so.12', size: 1, sha256: '' }] }) },
      /libx\.so\.12/,
    ],
  ];
  for (const [name, changes, why] of processes) {
    it(`gives a process to ${name}`, () => {
      const decision = decide(changes);
      assert.equal(decision.kind, 'process');
      assert.match(decision.why, why);
    });
  }

  it('refuses what may not run inline and cannot run otherwise', () => {
    const isolation = { supports: ['inline'], default: 'inline' } as const;
    assert.equal(decide({ layer: 4, isolation }).kind, 'refused');
    assert.equal(decide({ layer: 7, isolation }).kind, 'inline');
  });
});
