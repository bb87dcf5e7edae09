import { gradientOf, inputOf, NoRule, type Rule } from '../rule.js';

/** x above 0, a x below, with slopes that do not come from the image. */
export const pRelu: Rule = (site) => {
  if (site.isActive(1)) throw new NoRule('PRelu with slopes from the image');
  const { graph } = site;
  const isNegative = graph.op('Less', [inputOf(site, 0), graph.scalar(0)]);
  const slope = graph.op('Where', [isNegative, inputOf(site, 1), graph.scalar(1)]);
  return [graph.op('Mul', [gradientOf(site), slope]), undefined];
};
