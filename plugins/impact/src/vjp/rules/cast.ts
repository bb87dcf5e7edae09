import { gradientOf, inputOf, type Rule } from '../rule.js';

/** Back to the type of the input. */
export const cast: Rule = (site) => [
  site.graph.op('CastLike', [gradientOf(site), inputOf(site, 0)]),
];
