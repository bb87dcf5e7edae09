import { gradientOf, outputOf, type Rule, sumTo } from '../rule.js';

/** Of the elementwise Max and Min: operands that tie share equally. */
export const extremum: Rule = (site) => {
  const { graph, node } = site;
  const y = outputOf(site);
  const isChosen = node.inputs.map((name) => graph.indicator(graph.op('Equal', [name, y])));
  const ties = isChosen.length === 1 ? (isChosen[0] ?? '') : graph.op('Sum', isChosen);
  const share = graph.op('Div', [gradientOf(site), ties]);
  return node.inputs.map((name, k) => {
    if (!site.isActive(k)) return undefined;
    return sumTo(graph, graph.op('Mul', [share, isChosen[k] ?? '']), name);
  });
};
