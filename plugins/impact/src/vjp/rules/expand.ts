import { gradientOf, inputOf, type Rule, sumTo } from '../rule.js';

export const expand: Rule = (site) => [sumTo(site.graph, gradientOf(site), inputOf(site, 0))];
