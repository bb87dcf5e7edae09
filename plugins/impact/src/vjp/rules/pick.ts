import { positionsOf, scatterBack } from '../gather-rule.js';
import { gradientOf, inputOf, type Rule } from '../rule.js';

/** Slice, Gather and GatherElements: the positions are picked as the values were. */
export const pick: Rule = (site) => {
  const { graph, node } = site;
  const source = inputOf(site, 0);
  const [, ...others] = node.inputs;
  const attributes = Object.fromEntries(node.attributes);
  const picked = graph.op(node.op, [positionsOf(graph, source), ...others], attributes);
  return [scatterBack(site, source, picked, gradientOf(site))];
};
