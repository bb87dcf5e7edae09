import { inputOf, type Rule } from '../rule.js';
import { times } from '../scaled.js';

/** log(1 + exp x), whose slope is the sigmoid. */
export const softplus: Rule = (site) => times(site, site.graph.op('Sigmoid', [inputOf(site, 0)]));
