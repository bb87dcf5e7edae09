import { kept, repeated } from '../reduced-axes.js';
import { gradientOf, inputOf, outputOf, type Rule } from '../rule.js';

/** As of a sum, over the number of elements that each mean is of. */
export const reduceMean: Rule = (site) => {
  const { graph } = site;
  const size = (name: string) => graph.op('Cast', [graph.op('Size', [name])], { to: 1 });
  const count = graph.op('Div', [size(inputOf(site, 0)), size(outputOf(site))]);
  const share = graph.op('Div', [gradientOf(site), count]);
  return [repeated(site, kept(site, share))];
};
