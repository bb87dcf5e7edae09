import assert from 'node:assert/strict';
import { tmpdir } from 'node:os';
import { watchTampering } from '#host/loading/tampering.js';

const { defineProperty, getOwnPropertyDescriptor } = Object;
const added = Symbol('added');
const listen = () => undefined;

/** What a plugin may do to what all modules share, and how it is named. */
const DEEDS: readonly (readonly [named: string, deed: () => void])[] = [
  ['Array.prototype.map', () => Object.assign(Array.prototype, { map: () => [] })],
  [
    'Array.prototype.flat',
    // A getter that gives what was there before.
    () => {
      const { flat } = Array.prototype;
      defineProperty(Array.prototype, 'flat', { get: () => flat, configurable: true });
    },
  ],
  [
    'Array.prototype.at',
    // What was the value is now its getter.
    () =>
      defineProperty(Array.prototype, 'at', {
        get: Array.prototype.at as () => unknown,
        configurable: true,
      }),
  ],
  ['Map.prototype.size', () => defineProperty(Map.prototype, 'size', { get: () => 3 })],
  ['JSON.parse', () => defineProperty(JSON, 'parse', { value: undefined, configurable: true })],
  ['Math.hypot', () => Reflect.deleteProperty(Math, 'hypot')],
  ['Object.prototype.polluted', () => Object.assign(Object.prototype, { polluted: 1 })],
  [
    'Promise.prototype.hidden',
    () => defineProperty(Promise.prototype, 'hidden', { value: 1, configurable: true }),
  ],
  ['String.prototype.Symbol(added)', () => Object.assign(String.prototype, { [added]: 1 })],
  ['Buffer.poolSize', () => Object.assign(Buffer, { poolSize: 0 })],
  ['process.exit', () => Object.assign(process, { exit: () => undefined })],
  ['process.stdout.write', () => Object.assign(process.stdout, { write: () => true })],
  ['globalThis.Map', () => Object.assign(globalThis, { Map: class extends Map {} })],
  ['globalThis.Reflect', () => Object.assign(globalThis, { Reflect: { ...Reflect } })],
  ['the listeners of SIGHUP', () => void process.on('SIGHUP', listen)],
  ['the working folder', () => process.chdir(tmpdir())],
];

/** All that the deeds change, to be compared before and after. */
const state = () => [
  ...(['map', 'flat', 'at'] as const).map((key) => getOwnPropertyDescriptor(Array.prototype, key)),
  getOwnPropertyDescriptor(Map.prototype, 'size'),
  getOwnPropertyDescriptor(JSON, 'parse'),
  getOwnPropertyDescriptor(Math, 'hypot'),
  getOwnPropertyDescriptor(Object.prototype, 'polluted'),
  getOwnPropertyDescriptor(Promise.prototype, 'hidden'),
  getOwnPropertyDescriptor(String.prototype, added),
  getOwnPropertyDescriptor(globalThis, 'Map'),
  getOwnPropertyDescriptor(globalThis, 'Reflect'),
  Buffer.poolSize,
  process.exit,
  process.stdout.write,
  process.listenerCount('SIGHUP'),
  process.cwd(),
];

describe('the look whether a plugin changed what is everybody’s', () => {
  for (const [named, deed] of DEEDS) {
    it(`names ${named} and puts it back`, () => {
      const look = watchTampering();
      const before = state();
      assert.equal(look(), undefined);
      deed();
      const found = look();
      const after = state();
      assert.equal(found, named);
      assert.deepEqual(after, before);
      assert.equal(look(), undefined);
    });
  }

  it('finds all at once', () => {
    const look = watchTampering();
    const before = state();
    for (const [, deed] of DEEDS.slice(0, 4)) deed();
    const found = look();
    assert.deepEqual(state(), before);
    assert.deepEqual(
      new Set(found?.split(', ')),
      new Set(DEEDS.slice(0, 4).map(([named]) => named)),
    );
  });
});
