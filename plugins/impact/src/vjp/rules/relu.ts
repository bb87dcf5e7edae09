import { inputOf, type Rule } from '../rule.js';
import { times } from '../scaled.js';

/** max(x, 0); the derivative at 0 is 0. */
export const relu: Rule = (site) => {
  const { graph } = site;
  const isPositive = graph.op('Greater', [inputOf(site, 0), graph.scalar(0)]);
  return times(site, graph.indicator(isPositive));
};
