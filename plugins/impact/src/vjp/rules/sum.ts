import { gradientOf, type Rule, sumTo } from '../rule.js';

/** Of Sum, which adds any number of operands. */
export const sum: Rule = (site) =>
  site.node.inputs.map((name, k) =>
    site.isActive(k) ? sumTo(site.graph, gradientOf(site), name) : undefined,
  );
