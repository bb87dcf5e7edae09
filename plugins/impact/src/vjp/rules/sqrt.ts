import { gradientOf, outputOf, type Rule } from '../rule.js';

/** 1 / 2y */
export const sqrt: Rule = (site) => {
  const half = site.graph.op('Mul', [gradientOf(site), site.graph.scalar(0.5)]);
  return [site.graph.op('Div', [half, outputOf(site)])];
};
