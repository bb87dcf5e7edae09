import { binary, passed } from '../broadcast.js';
import { gradientOf, type Site } from '../rule.js';

const negated = (site: Site): string => site.graph.op('Neg', [gradientOf(site)]);

export const sub = binary(passed, negated);
