import { outputOf, type Rule } from '../rule.js';
import { times } from '../scaled.js';

/** 1 - y² */
export const tanh: Rule = (site) => {
  const { graph } = site;
  const square = graph.op('Mul', [outputOf(site), outputOf(site)]);
  return times(site, graph.op('Sub', [graph.scalar(1), square]));
};
