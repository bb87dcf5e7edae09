import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { transformDimensions, transformPoint } from 'voxhost/geometry';
import { readTransform } from 'voxhost/io';
import { parseElastix } from '#host/io/transforms/elastix.js';
import { ITK_PRINTED, mappedByItk, pointsOf } from '../../geometry/itk-numbers.js';
import { fixture, largestDifference } from '../support.js';

const expected: Readonly<Record<string, readonly (readonly number[])[]>> = JSON.parse(
  readFileSync(fixture('elastix', 'expected.json'), 'utf8'),
);

/** transformix prints 6 decimals of points that it read with 9 digits. */
const PRINTED = 2e-6;

const pointOf = (k: number, dims: number): number[] =>
  [0, 1, 2].slice(0, dims).map((a) => 90 * Math.sin(1.7 * k + a));

/** ITK's classes whose parameters elastix writes as they are. */
const OF_ITK: readonly (readonly [itk: string, elastix: string])[] = [
  ['translation', 'TranslationTransform'],
  ['euler-2d', 'EulerTransform'],
  ['euler-3d', 'EulerTransform'],
  ['euler-3d-zyx', 'EulerTransform'],
  ['similarity-2d', 'SimilarityTransform'],
  ['similarity-3d', 'SimilarityTransform'],
  ['affine-2d', 'AffineTransform'],
  ['affine-3d', 'AffineTransform'],
];

/** An elastix file with the numbers of ITK's: elastix is built on the same classes. */
function asElastix(name: string, type: string): string {
  const text = readFileSync(fixture('itk', 'transforms', `${name}.tfm`), 'utf8');
  const after = (key: string) => new RegExp(`^${key}: ?(.*)$`, 'm').exec(text)?.[1].trim() ?? '';
  const dims = name.endsWith('2d') ? 2 : 3;
  const center = after('FixedParameters').split(' ').slice(0, dims).join(' ');
  return [
    `(Transform "${type}")`,
    `(TransformParameters ${after('Parameters')})`,
    '(InitialTransformParameterFileName "NoInitialTransform")',
    `(FixedImageDimension ${dims})`,
    ...(center === '' ? [] : [`(CenterOfRotationPoint ${center})`]),
    ...(name.endsWith('zyx') ? ['(ComputeZYX "true")'] : []),
  ].join('\n');
}

describe('elastix transforms take 1000 points where ITK takes them', () => {
  for (const [name, type] of OF_ITK) {
    it(`${type} with the numbers of ${name}`, () => {
      const { transform } = parseElastix(asElastix(name, type));
      const wanted = mappedByItk(name);
      assert.equal(wanted.length, 1000);
      for (const [k, point] of pointsOf(transformDimensions(transform)).entries()) {
        const found = transformPoint(transform, point);
        assert.ok(largestDifference(found, wanted[k]) < ITK_PRINTED, `point ${k}: ${found}`);
      }
    });
  }
});

describe('elastix transforms take points where transformix takes them', () => {
  for (const [name, points] of Object.entries(expected)) {
    it(name, async () => {
      const transform = await readTransform(fixture('elastix', name));
      assert.equal(points.length, 60);
      points.forEach((wanted, k) => {
        const found = transformPoint(transform, pointOf(k, transformDimensions(transform)));
        assert.ok(
          largestDifference(found, wanted) < PRINTED,
          `point ${k}: ${found} is not ${wanted}`,
        );
      });
    });
  }

  it('looked at eight files', () => assert.equal(Object.keys(expected).length, 8));
});
