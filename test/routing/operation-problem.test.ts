import assert from 'node:assert/strict';
import { isVoxhostError, type Operation } from '@voxhost/sdk';
import { requireOperation } from '#host/routing/operation-problem.js';
import { resampleOf } from './fakes.js';

describe('requireOperation', () => {
  const { demand, ...rest } = resampleOf(10);

  it('takes what says what it will be asked', () => {
    requireOperation({ ...rest, demand });
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
        () => requireOperation(operation),
        (error) => isVoxhostError(error, 'BAD_ARGUMENT') && error.fields.argument === 'demand',
      );
    });
  }

  const { source } = rest;
  for (const [name, broken, says] of [
    ['an unknown interpolator', { interpolator: 'cubic' }, /interpolator" is "cubic", not one of/],
    ['an unknown boundary', { boundary: { kind: 'zeros' } }, /boundary.kind" is "zeros"/],
    ['a boundary that is a word', { boundary: 'zeros' }, /boundary" is "zeros", not an object/],
    ['a fill that is text', { boundary: { kind: 'constant', value: '3' } }, /value" is "3", no/],
    ['an unknown pixel type', { pixelType: 'float' }, /pixelType" is "float"/],
    ['an unknown kind', { kind: 'warp' }, /kind" is "warp"/],
    ['no image', { source: undefined }, /source" is no image/],
    ['too few values', { source: { ...source, data: new Float32Array(3) } }, /has 3 values where/],
    ['values of another type', { source: { ...source, pixelType: 'int8' } }, /is float32, where/],
    ['a list of values', { source: { ...source, data: [...source.data] } }, /typed array/],
    ['no channel', { source: { ...source, channels: 0 } }, /0 channel/],
    [
      'a grid without extent',
      { source: { ...source, grid: { ...source.grid, spacing: [0, 1, 1] } } },
      /positive millimetres/,
    ],
  ] as const) {
    it(`refuses ${name} before any backend is asked`, () => {
      const operation = { ...rest, demand, ...broken } as unknown as Operation;
      assert.throws(
        () => requireOperation(operation),
        (error) => isVoxhostError(error) && says.test(error.message),
      );
    });
  }
});
