import assert from 'node:assert/strict';
import { isVoxhostError, type Operation } from '@voxhost/sdk';
import { requireDemand } from '#host/routing/operation-problem.js';
import { resampleOf } from './fakes.js';

describe('requireDemand', () => {
  const { demand, ...rest } = resampleOf(10);

  it('takes what says what it will be asked', () => {
    requireDemand({ ...rest, demand });
  });

  for (const [name, broken] of [
    ['nothing', undefined],
    ['no maps', { ...demand, maps: undefined }],
    ['other samples', { ...demand, samples: 'lines' }],
    ['runs that are no number', { ...demand, runs: Number.NaN }],
  ] as const) {
    it(`refuses ${name} as an argument that is wrong`, () => {
      const operation = { ...rest, demand: broken } as unknown as Operation;
      assert.throws(
        () => requireDemand(operation),
        (error) => isVoxhostError(error, 'BAD_ARGUMENT') && error.fields.argument === 'demand',
      );
    });
  }
});
