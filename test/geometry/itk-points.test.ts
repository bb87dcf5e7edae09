import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { evaluate, indexToPhysical, invertAffine } from '@voxhost/sdk';
import { inverse, toIndexMap, transformDimensions, transformPoint } from 'voxhost/geometry';
import { readTransform } from 'voxhost/io';
import { fixture, largestDifference } from '../io/support.js';
import { ITK_COUNT, ITK_PRINTED, mappedByItk, pointsOf } from './itk-numbers.js';
import { oblique } from './support.js';

const folder = fixture('itk', 'transforms');
const names = readdirSync(folder)
  .filter((name) => name.endsWith('.tfm'))
  .map((name) => name.slice(0, -4));

describe('transforms take 1000 points where ITK takes them', () => {
  for (const name of names) {
    it(`${name}, through oblique grids on both sides`, async () => {
      const transform = await readTransform(fixture('itk', 'transforms', `${name}.tfm`));
      const dims = transformDimensions(transform) === 2 ? 2 : 3;
      const { output, input } = oblique(dims);
      const map = toIndexMap(transform, output, input);
      const toOutput = invertAffine({ kind: 'affine', matrix: indexToPhysical(output) });
      const toPoint = { kind: 'affine', matrix: indexToPhysical(input) } as const;
      const wanted = mappedByItk(name);
      assert.equal(wanted.length, ITK_COUNT);
      for (const [k, point] of pointsOf(dims).entries()) {
        const found = evaluate(toPoint, evaluate(map, evaluate(toOutput, point)));
        assert.ok(largestDifference(found, wanted[k]) < ITK_PRINTED, `point ${k}: ${found}`);
      }
    });
  }

  const invertible = names.filter((name) => !/bspline|field|all/.test(name));
  for (const name of invertible) {
    it(`${name}, and its inverse takes ITK's points back`, async () => {
      const transform = await readTransform(fixture('itk', 'transforms', `${name}.tfm`));
      const back = inverse(transform);
      const points = pointsOf(transformDimensions(transform));
      for (const [k, mapped] of mappedByItk(name).entries()) {
        assert.ok(largestDifference(transformPoint(back, mapped), points[k]) < 2 * ITK_PRINTED);
      }
    });
  }

  it('looked at every kind', () => assert.ok(names.length >= 15));
});
