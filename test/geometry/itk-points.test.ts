import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { evaluate, indexToPhysical, invertAffine } from '@voxhost/sdk';
import { inverse, toIndexMap, transformDimensions, transformPoint } from 'voxhost/geometry';
import { readTransform } from 'voxhost/io';
import { fixture, largestDifference } from '../io/support.js';
import { oblique } from './support.js';

/** ITK's numbers are printed with 6 decimals. */
const PRINTED = 6e-7;

/** Of the program's first comment: coordinate a of point k is 200 · frac((k + 1) · ALPHA[a]) - 100. */
const ALPHA = [0.8191725133961645, 0.6710436067037893, 0.5497004779019703];
const COUNT = 1000;

const pointsOf = (dims: number): number[][] =>
  Array.from({ length: COUNT }, (_, k) =>
    ALPHA.slice(0, dims).map((alpha) => 200 * (((k + 1) * alpha) % 1) - 100),
  );

function mappedByItk(name: string): number[][] {
  const text = gunzipSync(
    readFileSync(fixture('itk', 'transforms', `${name}.points.txt.gz`)),
  ).toString();
  return text
    .trim()
    .split('\n')
    .map((line) => line.split(' ').map(Number));
}

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
      assert.equal(wanted.length, COUNT);
      for (const [k, point] of pointsOf(dims).entries()) {
        const found = evaluate(toPoint, evaluate(map, evaluate(toOutput, point)));
        assert.ok(largestDifference(found, wanted[k]) < PRINTED, `point ${k}: ${found}`);
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
        assert.ok(largestDifference(transformPoint(back, mapped), points[k]) < 2 * PRINTED);
      }
    });
  }

  it('looked at every kind', () => assert.ok(names.length >= 15));
});
