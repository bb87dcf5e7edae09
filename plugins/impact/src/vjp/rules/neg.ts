import { gradientOf, type Rule } from '../rule.js';

export const neg: Rule = (site) => [site.graph.op('Neg', [gradientOf(site)])];
