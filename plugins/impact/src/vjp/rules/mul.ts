import { binary } from '../broadcast.js';
import { gradientOf, inputOf, type Site } from '../rule.js';

const timesInput =
  (k: number) =>
  (site: Site): string =>
    site.graph.op('Mul', [gradientOf(site), inputOf(site, k)]);

export const mul = binary(timesInput(1), timesInput(0));
