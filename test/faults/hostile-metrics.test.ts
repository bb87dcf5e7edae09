import assert from 'node:assert/strict';
import type { Metric } from '@voxhost/sdk';
import { type Place, withHostile } from '../support/hostile-host.js';
import { identity, smallImage } from '../support/small-calls.js';

const meanSquares = (): Metric => ({
  kind: 'metric',
  name: 'mean-squares',
  options: {},
  fixed: smallImage(),
  moving: smallImage(1),
  fixedInterpolator: 'linear',
  movingInterpolator: 'linear',
  derivative: true,
  demand: { maps: ['affine'], samples: 'grid', perRun: 192, runs: 2 },
});

/** What a plugin answers to a metric, and what is said of it. */
const ANSWERS: readonly (readonly [name: string, run: string, told: RegExp, place?: Place])[] = [
  ['nothing', 'return undefined;', /hostile failed/],
  ['a value that is text', 'return { value: "1", samples: 1 };', /hostile failed/],
  [
    'half a sample',
    'return { value: 1, samples: 0.5, derivative: new Float64Array(6) };',
    /hostile failed/,
  ],
  ['no derivative', 'return { value: 1, samples: 1 };', /answered no derivatives instead of 6/],
  [
    'a short derivative',
    'return { value: 1, samples: 1, derivative: new Float64Array(5) };',
    /answered 5 derivatives instead of 6/,
  ],
  [
    'a derivative that is a list',
    'return { value: 1, samples: 1, derivative: [1, 2, 3, 4, 5, 6] };',
    /hostile failed/,
  ],
  [
    'a ring in its details',
    'const details = {}; details.own = details; return { value: 1, samples: 1, derivative: new Float64Array(6), details };',
    /contract-violation: it answered what cannot be sent/,
    'child',
  ],
  [
    'a number that JSON has not in its details',
    'return { value: 1, samples: 1, derivative: new Float64Array(6), details: 1n };',
    /contract-violation: it answered what cannot be sent/,
    'child',
  ],
];

describe('hostile metrics', () => {
  for (const [name, run, told, place] of ANSWERS)
    for (const where of place === undefined ? (['child', 'inline'] as const) : [place])
      it(`one that answers ${name} (${where}): another measures, where replay was asked for`, () =>
        withHostile(where, { run }, async ({ host, lines }) => {
          await using prepared = await host.prepare(meanSquares(), { replay: 'allow' });
          const { value, provenance } = await prepared.run(identity, { derivative: true });
          assert.equal(value, 1);
          assert.equal(provenance.backend, 'reference', lines.join('\n'));
          assert.match(lines.join('\n'), told);
        }));
});
