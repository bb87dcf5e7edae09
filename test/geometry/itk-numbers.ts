import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { fixture } from '../io/support.js';

/** ITK's numbers are printed with 6 decimals. */
export const ITK_PRINTED = 6e-7;

/** Of the program's first comment: coordinate a of point k is 200 · frac((k + 1) · ALPHA[a]) - 100. */
const ALPHA = [0.8191725133961645, 0.6710436067037893, 0.5497004779019703];
export const ITK_COUNT = 1000;

/** The points that ITK was asked for. */
export const pointsOf = (dims: number): number[][] =>
  Array.from({ length: ITK_COUNT }, (_, k) =>
    ALPHA.slice(0, dims).map((alpha) => 200 * (((k + 1) * alpha) % 1) - 100),
  );

/** Where ITK takes them through the transform of a fixture. */
export function mappedByItk(name: string): number[][] {
  const text = gunzipSync(
    readFileSync(fixture('itk', 'transforms', `${name}.points.txt.gz`)),
  ).toString();
  return text
    .trim()
    .split('\n')
    .map((line) => line.split(' ').map(Number));
}
