import assert from 'node:assert/strict';
import type { Permissions } from '@voxhost/sdk';
import { machineOf } from '../support/machine.js';
import { file, type Given, good, judged, verdictOf } from './judged-subject.js';

const ID = 'org.example.fake';
const permissions: Permissions = { env: ['MY_MODE'] };

/** The circumstances in which it failed. */
const BEFORE: Given = {
  manifest: { permissions },
  machine: {
    drivers: { nvidia: '570.26', other: '1' },
    devices: [{ class: 'cuda', name: 'A' }],
    variables: { LD_LIBRARY_PATH: '/a', MY_MODE: 'fast', HOME: '/home/me' },
  },
};

/** Is the plugin, quarantined under `BEFORE`, held back under these circumstances? */
function verdictUnder(given: Given): string {
  const { fingerprint } = judged(BEFORE);
  assert.ok(fingerprint !== undefined);
  const until = 8.64e15; // as far as a Date goes
  const held = { fingerprint: fingerprint(), until, reason: 'crashed: SIGSEGV' };
  return verdictOf({ ...BEFORE, ...given, policy: { quarantined: { [ID]: held } } });
}

const machine = (changes: Given['machine']): Given => ({
  machine: { ...BEFORE.machine, ...changes },
});
const files = (changes: Partial<typeof file>): Given => ({
  subject: { files: new Map([['a.node', { ...file, ...changes }]]) },
});
const { host, node } = machineOf();

/** What a user may change to try again. */
const CHANGES: readonly (readonly [part: string, after: Given])[] = [
  ['a file of the plugin (time)', files({ mtimeMs: 5 })],
  ['a file of the plugin (put in its place)', files({ ino: 2 })],
  ['the version of the plugin', { manifest: { permissions, version: '1.0.1' } }],
  ['the host', machine({ host: { ...host, version: '0.1.1' } })],
  ['Node.js', machine({ node: { ...node, version: '20.20.3' } })],
  ['Node-API', machine({ node: { ...node, napi: 10 } })],
  ['the system', machine({ osVersion: '6.1.0-19-amd64' })],
  ['the C library', machine({ libc: { kind: 'glibc', version: '2.37' } })],
  ['a driver', machine({ drivers: { nvidia: '580.65.06', other: '1' } })],
  ['a driver that is gone', machine({ drivers: { other: '1' } })],
  [
    'a device that is new',
    machine({
      devices: [
        { class: 'cuda', name: 'A' },
        { class: 'cuda', name: 'B' },
      ],
    }),
  ],
  ['a device that is gone', machine({ devices: [] })],
  [
    'a variable by which the loader goes',
    machine({ variables: { LD_LIBRARY_PATH: '/b', MY_MODE: 'fast' } }),
  ],
  [
    'the choice of devices',
    machine({ variables: { ...BEFORE.machine?.variables, CUDA_VISIBLE_DEVICES: '1' } }),
  ],
  ['a variable that the plugin asks for', machine({ variables: { LD_LIBRARY_PATH: '/a' } })],
];

/** What has nothing to do with it. */
const SAME: readonly (readonly [part: string, after: Given])[] = [
  ['nothing', {}],
  [
    'a variable that nobody asks for',
    machine({ variables: { ...BEFORE.machine?.variables, HOME: '/root' } }),
  ],
  ['the order of drivers', machine({ drivers: { other: '1', nvidia: '570.26' } })],
  [
    'the name by which a device is known',
    machine({ devices: [{ class: 'cuda', name: 'A, by another name' }] }),
  ],
];

describe('a quarantine', () => {
  for (const [part, after] of CHANGES)
    it(`is lifted by another state of ${part}`, () => assert.equal(verdictUnder(after), good));
  for (const [part, after] of SAME)
    it(`stays when ${part} changes`, () =>
      assert.equal(verdictUnder(after), 'policy: quarantined'));

  it('is lifted by time', () => {
    const { fingerprint } = judged(BEFORE);
    const held = { fingerprint: fingerprint?.() ?? '', until: 5, reason: 'crashed: SIGSEGV' };
    const under = (now: number) =>
      verdictOf({ ...BEFORE, policy: { now, quarantined: { [ID]: held } } });
    assert.deepEqual([under(4), under(5)], ['policy: quarantined', good]);
  });
});
