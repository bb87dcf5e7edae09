import assert from 'node:assert/strict';
import type { Manifest } from '@voxhost/sdk';
import { sealManifest } from '#host/packing/seal.js';

const manifest: Manifest = {
  manifest: '1.0',
  id: 'org.example.two',
  name: 'two',
  root: '../elsewhere',
  version: '1.0.0',
  license: 'MIT',
  abi: { name: 'voxhost-backend', min: 1, max: 1 },
  engines: { host: '^0.1.0' },
  targets: [
    { os: 'linux', cpu: 'x64', entry: { type: 'esm', path: 'a.js' } },
    { os: '*', cpu: '*', entry: { type: 'esm', path: 'b.js' } },
  ],
  capabilities: [],
};

describe('sealManifest', () => {
  it('moves the root beside the files and lists each by path in every target', () => {
    const text = new TextEncoder();
    const sealed = sealManifest(manifest, [
      { path: 'b.js', bytes: text.encode('abc') },
      { path: 'a.js', bytes: new Uint8Array() },
    ]);
    // SHA-256 of "" and "abc": FIPS 180-2, appendix B.1, and the empty message.
    const seals = [
      {
        path: 'a.js',
        size: 0,
        sha256: 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
      },
      {
        path: 'b.js',
        size: 3,
        sha256: 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad',
      },
    ];
    assert.equal(sealed.root, '.');
    assert.deepEqual(
      sealed.targets.map(({ entry, files }) => [entry.path, files]),
      [
        ['a.js', seals],
        ['b.js', seals],
      ],
    );
    assert.equal(manifest.root, '../elsewhere', 'the given manifest is left alone');
  });
});
