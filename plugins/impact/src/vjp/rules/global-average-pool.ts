import { repeated } from '../reduced-axes.js';
import { gradientOf, inputOf, outputOf, type Rule } from '../rule.js';

/** Mean over everything but sample and channel. */
export const globalAveragePool: Rule = (site) => {
  const { graph } = site;
  const size = (name: string) => graph.op('Cast', [graph.op('Size', [name])], { to: 1 });
  const count = graph.op('Div', [size(inputOf(site, 0)), size(outputOf(site))]);
  return [repeated(site, graph.op('Div', [gradientOf(site), count]))];
};
