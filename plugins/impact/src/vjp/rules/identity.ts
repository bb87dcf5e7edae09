import { gradientOf, type Rule } from '../rule.js';

/** Identity, and Dropout, which does nothing at inference. */
export const identity: Rule = (site) => [gradientOf(site)];
