import { gradientOf, inputOf, type Rule } from '../rule.js';

/** 1 / x */
export const log: Rule = (site) => [site.graph.op('Div', [gradientOf(site), inputOf(site, 0)])];
