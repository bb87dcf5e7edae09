import { gradientOf, type Rule, type Site } from './rule.js';

/** The derivative by the only input of an elementwise operator, whose slope is the value `factor`. */
export const times = (site: Site, factor: string): readonly string[] => [
  site.graph.op('Mul', [gradientOf(site), factor]),
];

/** The rule of an elementwise operator with a slope. */
export const scaled =
  (slope: (site: Site) => string): Rule =>
  (site) =>
    times(site, slope(site));
