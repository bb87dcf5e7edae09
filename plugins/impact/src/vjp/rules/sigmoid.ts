import { outputOf, type Rule } from '../rule.js';
import { times } from '../scaled.js';

/** y (1 - y) */
export const sigmoid: Rule = (site) => {
  const { graph } = site;
  const y = outputOf(site);
  return times(site, graph.op('Mul', [y, graph.op('Sub', [graph.scalar(1), y])]));
};
