import { reduced } from '../broadcast.js';
import { gradientOf, inputOf, NoRule, type Rule } from '../rule.js';

/** p x^(p - 1) for an exponent that does not come from the image. */
export const pow: Rule = (site) => {
  if (site.isActive(1)) throw new NoRule('Pow with an exponent from the image');
  const { graph } = site;
  const x = inputOf(site, 0);
  const exponent = graph.op('CastLike', [inputOf(site, 1), x]);
  const lower = graph.op('Pow', [x, graph.op('Sub', [exponent, graph.scalar(1)])]);
  const slope = graph.op('Mul', [exponent, lower]);
  const gradient = graph.op('Mul', [gradientOf(site), slope]);
  return [reduced(site, gradient, 0), undefined];
};
