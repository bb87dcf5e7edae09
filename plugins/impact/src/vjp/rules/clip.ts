import { gradientOf, inputOf, NoRule, type Rule } from '../rule.js';

/** 1 within the bounds, the bounds included, 0 outside. */
export const clip: Rule = (site) => {
  const { graph, node } = site;
  if (site.isActive(1) || site.isActive(2)) throw new NoRule('Clip with bounds from the image');
  const x = inputOf(site, 0);
  let gradient = gradientOf(site);
  for (const [k, op] of [
    [1, 'GreaterOrEqual'],
    [2, 'LessOrEqual'],
  ] as const) {
    const bound = node.inputs[k] ?? '';
    if (bound === '') continue;
    gradient = graph.op('Mul', [gradient, graph.indicator(graph.op(op, [x, bound]))]);
  }
  return [gradient];
};
