import assert from 'node:assert/strict';
import type { Manifest, Target } from '@voxhost/sdk';
import { judge } from '#host/compatibility/judge.js';
import type { MachineFacts } from '#host/compatibility/machine-facts.js';
import { DEFAULT_POLICY } from '#host/compatibility/policy.js';
import { STAGES } from '#host/verdict.js';
import { machineOf } from '../support/machine.js';
import { bytesOf, esmTarget, manifestOf, nearestBlock } from '../support/manifest-builder.js';

const FILE = '/somewhere/org.example.fake.plugin.json';

const file = { kind: 'file', size: 1, mtimeMs: 0, ino: 1, uid: 0, mode: 0o644 } as const;
const FILES = new Map([
  ['plugin.mjs', file],
  ['a.node', file],
]);

function judged(
  changes: Partial<Manifest> | string,
  machine: Partial<MachineFacts> = {},
  layer = 1,
) {
  const bytes = bytesOf(typeof changes === 'string' ? changes : manifestOf(changes));
  const located = { ok: true, bytes } as const;
  const subject = { path: FILE, layer, located, files: FILES };
  return judge(subject, machineOf(machine), DEFAULT_POLICY);
}

function verdictOf(...given: Parameters<typeof judged>): string {
  const { verdict } = judged(...given);
  return `${STAGES[verdict.stage]}: ${verdict.verdict}`;
}

const target = (changes: Partial<Target>): Partial<Manifest> => ({
  targets: [{ ...esmTarget, ...changes }],
});
const addon = (napi: number | undefined, changes: Partial<Target> = {}): Partial<Manifest> =>
  target({
    os: 'linux',
    cpu: 'x64',
    libc: 'glibc',
    entry: { type: 'node-addon', path: 'a.node', ...(napi === undefined ? {} : { napi }) },
    ...changes,
  });

describe('judge', () => {
  it('finds a plain plugin compatible, all stages passed', () => {
    const { verdict, target: chosen } = judged({});
    assert.deepEqual(
      [verdict.verdict, verdict.severity, verdict.id],
      ['compatible', 'ok', 'org.example.fake'],
    );
    assert.deepEqual(verdict.unchecked, []);
    assert.equal(chosen?.os, '*');
  });

  it('refuses a file that is not named after its id', () => {
    assert.equal(verdictOf({ id: 'org.example.other' }), 'identity: malformed');
  });

  it('accepts unsealed manifests and other roots only in layers 1 and 7', () => {
    assert.equal(verdictOf({ root: '../up' }, {}, 7), 'require: compatible');
    for (const layer of [2, 3, 4, 5, 6]) {
      assert.equal(verdictOf({ root: '../up' }, {}, layer), 'schema: malformed');
      assert.equal(verdictOf({}, {}, layer), 'schema: malformed');
    }
  });

  it('points at the line of what is wrong', () => {
    const { verdict } = judged('{\n  "manifest": "1.0",\n  "id": 7\n}');
    assert.equal(verdict.evidence.where, `${FILE}:3:9 id`);
    assert.match(String(verdict.evidence.expected), /reverse-DNS identity/);
    assert.equal(verdict.fix[0]?.command, `voxhost plugins check ${FILE}`);
  });

  describe('schema versions', () => {
    const versions: readonly (readonly [string, string])[] = [
      ['1.0', 'require: compatible'],
      ['1.99', 'require: compatible'],
      ['2.0', 'schema: incompatible-schema'],
      ['0.9', 'schema: incompatible-schema'],
      ['1', 'schema: malformed'],
      ['01.0', 'schema: malformed'],
      ['1.0.0', 'schema: malformed'],
      ['', 'schema: malformed'],
    ];
    for (const [manifest, expected] of versions)
      it(`"${manifest}" is ${expected}`, () => assert.equal(verdictOf({ manifest }), expected));

    it('an unknown field is noted, and refused where critical names it', () => {
      const more = { colour: { hue: 1 } } as Partial<Manifest>;
      const { verdict } = judged(more);
      assert.equal(verdict.verdict, 'compatible');
      assert.match(verdict.notes[0]?.text ?? '', /^unknown-field: colour is ignored/);
      assert.equal(verdictOf({ ...more, critical: ['colour'] }), 'schema: incompatible-schema');
      assert.equal(verdictOf({ ...more, critical: ['requires.drivers'] }), 'require: compatible');
    });

    it('an unknown word in a capability drops that block only', () => {
      const foreign = {
        ...nearestBlock,
        interpolators: ['quintic'],
      } as unknown as typeof nearestBlock;
      const { verdict, manifest } = judged({ capabilities: [foreign, nearestBlock] });
      assert.deepEqual(manifest?.capabilities, [nearestBlock]);
      assert.match(
        verdict.notes[0]?.text ?? '',
        /capabilities\[0\]\.interpolators\[0\] has "quintic"/,
      );
      assert.equal(verdictOf({ capabilities: [foreign] }), 'schema: incompatible-schema');
    });

    it('an unknown word elsewhere refuses, with the blame on the host where the manifest is newer', () => {
      const isolation = {
        supports: ['orbit'],
        default: 'orbit',
      } as unknown as Manifest['isolation'] & {};
      assert.equal(verdictOf({ isolation }), 'schema: malformed');
      assert.equal(verdictOf({ isolation, manifest: '1.1' }), 'schema: incompatible-schema');
    });
  });

  describe('engine ranges', () => {
    const ranges: readonly (readonly [range: string, host: string, verdict: string])[] = [
      ['>=1.2 <3', '1.2.0', 'require: compatible'],
      ['>=1.2 <3', '3.0.0', 'engine: incompatible-host'],
      ['^0.3', '0.3.9', 'require: compatible'],
      ['^0.3', '0.4.0', 'engine: incompatible-host'],
      ['>=2.0.0 <3', '2.0.0-beta.1', 'require: compatible'],
      ['<2.0.0', '2.0.0-beta.1', 'engine: incompatible-host'],
      ['<3', '3.0.0-pre', 'engine: incompatible-host'],
      ['1 || 2', '2.5.0', 'require: compatible'],
      ['1.2.3', '1.2.3', 'require: compatible'],
      ['>=0.1', '0.9.0', 'require: compatible'],
      ['*', '1.0.0', 'schema: malformed'],
      ['', '1.0.0', 'schema: malformed'],
      ['>=1', '1.0.0', 'schema: malformed'],
      ['^1 || >=3', '1.0.0', 'schema: malformed'],
      ['>=3 <2', '1.0.0', 'schema: malformed'],
      ['latest', '1.0.0', 'schema: malformed'],
      ['>'.repeat(10_000), '1.0.0', 'schema: malformed'],
    ];
    for (const [host, version, expected] of ranges)
      it(`${host.slice(0, 20)} on ${version} is ${expected}`, () => {
        const machine = { host: { ...machineOf().host, version } };
        assert.equal(verdictOf({ engines: { host } }, machine), expected);
      });

    it('Node.js may stay open', () => {
      const engines = { host: '^0.1.0', node: '>=20.11' };
      assert.equal(verdictOf({ engines }), 'require: compatible');
      const machine = { node: { version: '18.20.0', napi: 9 } };
      assert.equal(verdictOf({ engines }, machine), 'engine: incompatible-node');
    });
  });

  describe('contract versions', () => {
    const abis: readonly (readonly [min: number, max: number, verdict: string])[] = [
      [1, 1, 'engine: incompatible-abi'],
      [1, 2, 'require: compatible'],
      [4, 9, 'require: compatible'],
      [5, 9, 'engine: incompatible-abi'],
      [3, 2, 'schema: malformed'],
      [0, 2, 'schema: malformed'],
      [-1, 2, 'schema: malformed'],
      [2.5, 3, 'schema: malformed'],
      [2, 2 ** 31, 'schema: malformed'],
    ];
    const host = { version: '0.1.0', abi: { name: 'voxhost-backend', min: 2, max: 4 } };
    for (const [min, max, expected] of abis)
      it(`${min} to ${max} is ${expected} on a host of 2 to 4`, () =>
        assert.equal(
          verdictOf({ abi: { name: 'voxhost-backend', min, max } }, { host }),
          expected,
        ));
  });

  describe('platforms, as data', () => {
    const cases: readonly (readonly [string, Partial<Manifest>, Partial<MachineFacts>, string])[] =
      [
        ['another os', target({ os: 'win32' }), {}, 'target: wrong-platform'],
        ['another cpu', target({ cpu: 'arm64' }), {}, 'target: wrong-platform'],
        [
          'glibc on musl',
          target({ libc: 'glibc' }),
          { libc: { kind: 'musl' } },
          'target: wrong-platform',
        ],
        [
          'any libc on musl',
          target({ libc: '*' }),
          { libc: { kind: 'musl' } },
          'require: compatible',
        ],
        [
          'libc is no axis of macOS',
          target({ libc: 'glibc' }),
          { os: 'darwin' },
          'require: compatible',
        ],
        ['glibc too old', target({ libcMin: '2.37' }), {}, 'target: wrong-platform'],
        ['glibc compared as numbers', target({ libcMin: '2.9' }), {}, 'require: compatible'],
        ['kernel too old', target({ osMin: '6.10' }), {}, 'target: wrong-platform'],
        [
          'Windows build',
          target({ os: 'win32', osMin: '10.0.17763' }),
          { os: 'win32', osVersion: '10.0.9600' },
          'target: wrong-platform',
        ],
        ['feature', target({ cpuFeatures: ['avx2'] }), {}, 'require: compatible'],
        ['no feature', target({ cpuFeatures: ['avx512f'] }), {}, 'target: wrong-platform'],
        [
          'no WebAssembly threads',
          target({ requires: { wasm: ['threads'] } }),
          { wasm: ['simd'] },
          'target: wrong-platform',
        ],
        ['Node-API equal', addon(9), {}, 'require: compatible'],
        ['Node-API below', addon(8), {}, 'require: compatible'],
        ['Node-API above', addon(10), {}, 'napi: incompatible-node'],
        ['Node-API 99', addon(99), {}, 'napi: incompatible-node'],
        ['Node-API experimental', addon(2147483647), {}, 'napi: incompatible-node'],
        ['Node-API missing', addon(undefined), {}, 'schema: malformed'],
        ['native code for any cpu', addon(8, { cpu: '*' }), {}, 'schema: malformed'],
      ];
    for (const [name, manifest, machine, expected] of cases)
      it(`${name}: ${expected}`, () => assert.equal(verdictOf(manifest, machine), expected));

    it('name the field with its line and column, whatever the stage', () => {
      const where = (manifest: Partial<Manifest>) => judged(manifest).verdict.evidence.where;
      assert.match(
        String(where({ engines: { host: '^9' } })),
        /\.plugin\.json:\d+:\d+ engines\.host$/,
      );
      assert.match(
        String(where(target({ osMin: '99.0' }))),
        /\.plugin\.json:\d+:\d+ targets\[0\]\.osMin$/,
      );
      assert.match(String(where(addon(99))), /\.plugin\.json:\d+:\d+ targets\[0\]\.entry\.napi$/);
    });

    it('say what the user can do', () => {
      const fixOf = (changes: Partial<Target>, facts: Partial<MachineFacts> = {}) =>
        judged(target(changes), facts).verdict.fix[0]?.text ?? '';
      assert.match(fixOf({ os: 'win32', cpu: 'x64' }), /is made for win32-x64$/);
      assert.match(fixOf({ os: 'linux', libcMin: '9.1' }), /C library is 9\.1 or newer/);
      assert.match(fixOf({ osMin: '99.0' }), /version 99\.0 or newer/);
      assert.match(fixOf({ cpuFeatures: ['amx'] }), /use a cpu that has amx/);
      assert.match(fixOf({ requires: { wasm: ['simd'] } }, { wasm: [] }), /WebAssembly simd/);
    });

    it('what cannot be known does not fit', () => {
      const { cpuFeatures: _, ...machine } = machineOf();
      const subject = {
        path: FILE,
        layer: 1,
        located: { ok: true, bytes: bytesOf(manifestOf(target({ cpuFeatures: ['avx2'] }))) },
        files: FILES,
      } as const;
      assert.equal(judge(subject, machine, DEFAULT_POLICY).verdict.verdict, 'wrong-platform');
    });

    it('takes the first target that passes and lists the better ones as degraded', () => {
      const targets = [...(addon(99).targets ?? []), esmTarget, { ...esmTarget, os: 'linux' }];
      const { verdict, target: chosen } = judged({ targets });
      assert.deepEqual(chosen, esmTarget);
      assert.match(
        verdict.notes[0]?.text ?? '',
        /^degraded: target linux-x64-glibc is incompatible-node/,
      );
      assert.ok((verdict.notes[0]?.fix ?? []).length > 0);
    });

    it('lists what this system and cpu lack, and not what is made for others', () => {
      const needsAvx = { ...esmTarget, cpuFeatures: ['avx512f'] };
      const { verdict } = judged({ targets: [{ ...esmTarget, os: 'win32' }, needsAvx, esmTarget] });
      assert.deepEqual(
        verdict.notes
          .filter(({ stage }) => stage === 'target')
          .map(({ text }) => text.slice(0, text.indexOf(' ('))),
        [
          'degraded: target any os-any cpu is wrong-platform: needs cpuFeatures avx512f, found a cpu without it',
        ],
      );
    });

    it('with none that passes reports the one that came furthest', () => {
      const targets = [...(addon(99).targets ?? []), { ...esmTarget, os: 'win32' }];
      assert.equal(verdictOf({ targets }), 'napi: incompatible-node');
    });
  });
});
