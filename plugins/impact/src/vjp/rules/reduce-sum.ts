import { kept, repeated } from '../reduced-axes.js';
import { gradientOf, type Rule } from '../rule.js';

export const reduceSum: Rule = (site) => [repeated(site, kept(site, gradientOf(site)))];
