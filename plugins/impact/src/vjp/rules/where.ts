import { gradientOf, inputOf, type Rule, sumTo } from '../rule.js';

/** Of Where: each side gets what it was chosen for. */
export const where: Rule = (site) => {
  const { graph } = site;
  const condition = inputOf(site, 0);
  const gradient = gradientOf(site);
  const zero = graph.scalar(0);
  return [undefined, [condition, gradient, zero], [condition, zero, gradient]].map((inputs, k) =>
    inputs !== undefined && site.isActive(k)
      ? sumTo(graph, graph.op('Where', inputs), inputOf(site, k))
      : undefined,
  );
};
