import assert from 'node:assert/strict';
import { withHostile } from '../support/hostile-host.js';
import { identity, smallImage } from '../support/small-calls.js';
import type { WrittenPlugin } from '../support/written-plugin.js';

const PLACES = ['child', 'inline'] as const;

/** What a plugin says of itself, and what is said of it. */
const LIES: readonly (readonly [name: string, plugin: WrittenPlugin, says: RegExp])[] = [
  ['a yes that is no truth value', { supports: 'return { ok: "yes" };' }, /neither yes nor no/],
  ['a promise', { supports: 'return Promise.resolve({ ok: true });' }, /neither yes nor no/],
  ['nothing', { supports: '' }, /neither yes nor no/],
  ['a yes without memory', { supports: 'return { ok: true };' }, /no number of bytes/],
  [
    'negative memory',
    { supports: 'return { ok: true, memory: { prepare: -1, run: 0 } };' },
    /no number of bytes/,
  ],
  [
    'NaN for memory',
    { supports: 'return { ok: true, memory: { prepare: 0, run: NaN } };' },
    /no number of bytes/,
  ],
  ['a no without a reason', { supports: 'return { ok: false };' }, /without an axis and a reason/],
  ['null for what it prepared', { prepare: 'return null;' }, /prepared what cannot be run/],
  ['a number for it', { prepare: 'return 5;' }, /prepared what cannot be run/],
  [
    'what cannot be disposed',
    { prepare: 'return { run: async () => undefined };' },
    /prepared what cannot be run or disposed/,
  ],
  ['no range of the contract', { abi: 'undefined' }, /abi/],
  ['a range that is no number', { abi: '{ min: NaN, max: "1" }' }, /abi|contract/],
  ['a range of the future', { abi: '{ min: 2, max: 3 }' }, /abi|contract 2 to 3/],
];

/** More than any plugin may say at once. */
const LONG = 1_000_000;
const SHORT = 10_000;

const SPEECHES: readonly (readonly [name: string, plugin: WrittenPlugin])[] = [
  ['an error', { prepare: `throw new Error('x'.repeat(${LONG}));` }],
  ['a refusal', { supports: `return { ok: false, axis: 'size', reason: 'x'.repeat(${LONG}) };` }],
  [
    'an error of the contract',
    {
      run: `throw Object.assign(new Error('x'.repeat(${LONG})), {
        code: 'BACKEND_FAILED', fields: { backend: 'hostile', reason: 'x'.repeat(${LONG}) } });`,
    },
  ],
  ['a broken import', { top: `throw new Error('x'.repeat(${LONG}));` }],
  ['a line of the log', { activate: `context.log('warn', 'x'.repeat(${LONG}));` }],
];

const halfway = { ...identity, matrix: Float64Array.of(1, 0, 0.5, 0, 1, 0) };

describe('a plugin that lies about itself', () => {
  for (const place of PLACES) {
    for (const [name, plugin, says] of LIES) {
      it(`by ${name} breaks the contract, and the next serves (${place})`, async () => {
        await withHostile(place, plugin, async ({ host }) => {
          const backends = ['hostile', 'reference'];
          const { provenance } = await host.resample(smallImage(), { map: halfway, backends });
          assert.equal(provenance.backend, 'reference');
          const message = provenance.attempts[0]?.error?.message ?? '';
          assert.match(message, /contract-violation/);
          assert.match(message, says);
        });
      });
    }
  }
});

describe('a plugin that says too much', () => {
  for (const place of PLACES) {
    for (const [name, plugin] of SPEECHES) {
      it(`by ${name} is cut short (${place})`, async () => {
        await withHostile(place, plugin, async ({ host, lines }) => {
          const backends = ['hostile', 'reference'];
          await host.resample(smallImage(), { map: halfway, backends });
          assert.match(lines.join('\n'), /xxx \.\.\. \(\d+ more characters\)/);
          assert.ok(lines.join('').length < SHORT, `${lines.join('').length} characters`);
        });
      });
    }
  }
});
