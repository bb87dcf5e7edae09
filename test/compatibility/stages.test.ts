import assert from 'node:assert/strict';
import { memorySource } from '#host/binary/byte-view.js';
import { parseBinary } from '#host/binary/parse-binary.js';
import { parseIdPattern } from '#host/compatibility/id-pattern.js';
import type { FileState } from '#host/compatibility/subject.js';
import { buildElf, buildFat, buildMachO, buildPe } from '../support/binary-builder.js';
import {
  addonTarget,
  cases,
  file,
  type Given,
  good,
  judged,
  nothingNeeded,
  SHA,
  verdictOf,
} from './judged-subject.js';

describe('stages, all facts known', () => {
  it('pass a sound addon, with nothing left unchecked', () => {
    const { verdict } = judged({});
    assert.deepEqual([verdict.verdict, verdict.unchecked], ['compatible', []]);
  });

  describe('0 ownership', () => {
    const guarded = (uid: number, mode: number) => [{ path: '/p', uid, mode }];
    const owners = { trustedOwners: [0, 1000] };
    cases([
      ['own', { policy: owners, subject: { guarded: guarded(1000, 0o755) } }, good],
      ['root’s', { policy: owners, subject: { guarded: guarded(0, 0o755) } }, good],
      [
        'a stranger’s',
        { policy: owners, subject: { guarded: guarded(1001, 0o755) } },
        'locate: untrusted',
      ],
      [
        'open to all',
        { policy: owners, subject: { guarded: guarded(1000, 0o777) } },
        'locate: untrusted',
      ],
      [
        'open to all, but sticky',
        { policy: owners, subject: { guarded: guarded(0, 0o1777) } },
        'locate: untrusted',
      ],
      [
        'a user’s in the machine’s layer',
        { policy: owners, subject: { layer: 6, guarded: guarded(1000, 0o755) } },
        'locate: untrusted',
      ],
      [
        'a stranger’s, but bundled',
        { policy: owners, subject: { layer: 7, guarded: guarded(1001, 0o755) } },
        good,
      ],
      ['where files have no owners', { subject: { guarded: guarded(1001, 0o777) } }, good],
    ]);
  });

  describe('4 policy', () => {
    const patterns = (...texts: readonly string[]) => ({
      value: texts.flatMap((text) => parseIdPattern(text) ?? []),
      origin: 'VOXHOST_PLUGIN_X',
    });
    const held = { fingerprint: 'other', until: 100, reason: 'crashed' };
    cases([
      ['disabled', { policy: { disabled: ['org.example.fake'] } }, 'policy: disabled'],
      ['disabled another', { policy: { disabled: ['org.example'] } }, good],
      ['not selected', { policy: { select: patterns('org.other*') } }, 'policy: excluded'],
      ['selected', { policy: { select: patterns('*fake') } }, good],
      ['excluded', { policy: { disable: patterns('*fake') } }, 'policy: excluded'],
      [
        'both: select beats disable',
        { policy: { select: patterns('*fake'), disable: patterns('*') } },
        good,
      ],
      ['licence', { policy: { licences: ['MIT'] } }, 'policy: excluded'],
      ['licence allowed', { policy: { licences: ['Apache-2.0'] } }, good],
      [
        'all licences of an expression',
        {
          manifest: { license: '(MIT OR Apache-2.0)' },
          policy: { licences: ['MIT', 'Apache-2.0'] },
        },
        good,
      ],
      [
        'one licence of an expression',
        { manifest: { license: 'MIT AND GPL-3.0-only' }, policy: { licences: ['MIT'] } },
        'policy: excluded',
      ],
      [
        'quarantined under other circumstances',
        { policy: { quarantined: { 'org.example.fake': held } } },
        good,
      ],
    ]);

    it('names the variable that excludes', () => {
      const { verdict } = judged({ policy: { disable: patterns('org*') } });
      assert.equal(verdict.evidence.where, 'VOXHOST_PLUGIN_X');
    });
  });

  describe('8 integrity', () => {
    const files = (state: FileState | undefined): Given => ({
      subject: { files: new Map([['a.node', state]]) },
    });
    cases([
      ['missing', files(undefined), 'integrity: missing-file'],
      ['a link', files({ ...file, kind: 'link' }), 'integrity: untrusted'],
      ['a folder', files({ ...file, kind: 'directory' }), 'integrity: corrupt'],
      ['another size', files({ ...file, size: 11 }), 'integrity: corrupt'],
      ['another digest', files({ ...file, sha256: `b${SHA.slice(1)}` }), 'integrity: corrupt'],
      ['unlisted code', { subject: { unlisted: ['evil.js'] } }, 'integrity: corrupt'],
      [
        'bad signature',
        { subject: { signature: { outcome: 'bad', reason: 'x' } } },
        'integrity: bad-signature',
      ],
      [
        'no signature where one is demanded',
        { policy: { signatures: 'verified' } },
        'integrity: untrusted',
      ],
      [
        'a signature where one is demanded',
        {
          policy: { signatures: 'verified' },
          subject: { signature: { outcome: 'verified', key: 'k' } },
        },
        good,
      ],
    ]);

    it('says what was not read', () => {
      const { sha256: _, ...unread } = file;
      const { verdict } = judged(files(unread));
      assert.deepEqual([verdict.verdict, verdict.unchecked], ['compatible', ['integrity']]);
    });
  });

  describe('9 preflight', () => {
    const binary = (bytes: Uint8Array): Given => ({
      subject: { binaries: new Map([['a.node', parseBinary(memorySource(bytes))]]) },
    });
    const found = (changes: object): Given => ({
      subject: { preflights: new Map([['a.node', { ...nothingNeeded, ...changes }]]) },
    });
    const missing = { name: 'libx.so', neededBy: '/p/a.node', searched: ['/lib'] };
    const version = {
      version: 'GLIBCXX_2.99',
      library: 'libstdc++.so.6',
      found: '/lib/x',
      neededBy: '/p/a.node',
    };
    const exported = { exports: ['napi_register_module_v1'] };
    cases([
      ['text', binary(Buffer.from('text')), 'preflight: corrupt'],
      ['truncated', binary(buildElf({}).subarray(0, 300)), 'preflight: corrupt'],
      [
        'for another cpu',
        binary(buildElf({ cpu: 'arm64', ...exported })),
        'preflight: wrong-platform',
      ],
      ['for 32 bits', binary(buildElf({ cpu: 'ia32', ...exported })), 'preflight: wrong-platform'],
      ['for Windows', binary(buildPe({ cpu: 'x64', ...exported })), 'preflight: wrong-platform'],
      ['fat without our slice', binary(buildFat(buildMachO({}))), 'preflight: wrong-platform'],
      ['registers nothing', binary(buildElf({ exports: ['other'] })), 'preflight: load-failed'],
      ['registers by constructor', binary(buildElf({ imports: ['napi_module_register'] })), good],
      ['missing library', found({ missing: [missing] }), 'preflight: missing-library'],
      ['missing symbol version', found({ versions: [version] }), 'preflight: missing-library'],
    ]);

    it('takes the slice of a fat file that fits', () => {
      const fat = buildFat(buildMachO({ cpu: 'x64', ...exported }), buildMachO(exported));
      const target = { ...addonTarget, os: 'darwin', cpu: 'arm64' };
      const machine = { os: 'darwin', cpu: 'arm64' };
      assert.equal(verdictOf({ ...binary(fat), target, machine }), good);
    });

    it('says which libraries cannot be seen from here', () => {
      const { verdict } = judged(found({ unknown: ['libx.so'] }));
      assert.deepEqual(verdict.unchecked, ['preflight']);
      assert.match(verdict.notes.map(({ text }) => text).join(), /libx\.so/);
    });
  });
});
