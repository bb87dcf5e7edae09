import { intOf, intsOf } from '../../onnx/attributes.js';
import { gradientOf, inputOf, outputOf, type Rule, type Site } from '../rule.js';

/** The gradient with the reduced axes back, of length 1. */
function kept(site: Site, value: string): string {
  const { graph, node } = site;
  if (intOf(node, 'keepdims', 1) === 1) return value;
  const axes = axesOf(site);
  if (axes === undefined) return value; // a single number, which broadcasts
  return graph.op('Unsqueeze', [value, axes]);
}

function axesOf(site: Site): string | undefined {
  const named = site.node.inputs[1];
  if (named !== undefined && named !== '') return named;
  const axes = intsOf(site.node, 'axes');
  return axes === undefined ? undefined : site.graph.integers(axes);
}

const repeated = (site: Site, value: string): string =>
  site.graph.op('Expand', [value, site.graph.shape(inputOf(site, 0))]);

export const reduceSum: Rule = (site) => [repeated(site, kept(site, gradientOf(site)))];

/** As of a sum, over the number of elements that each mean is of. */
export const reduceMean: Rule = (site) => {
  const { graph } = site;
  const size = (name: string) => graph.op('Cast', [graph.op('Size', [name])], { to: 1 });
  const count = graph.op('Div', [size(inputOf(site, 0)), size(outputOf(site))]);
  const share = graph.op('Div', [gradientOf(site), count]);
  return [repeated(site, kept(site, share))];
};

/** Of ReduceMax and ReduceMin: elements that tie share equally. */
export const reduceExtremum: Rule = (site) => {
  const { graph } = site;
  const x = inputOf(site, 0);
  const isChosen = graph.indicator(graph.op('Equal', [x, kept(site, outputOf(site))]));
  const axes = axesOf(site);
  const ties =
    axes === undefined ? graph.op('ReduceSum', [isChosen]) : graph.sumOver(isChosen, axes, true);
  const share = graph.op('Div', [kept(site, gradientOf(site)), ties]);
  return [graph.op('Mul', [isChosen, share])];
};

/** Mean over everything but sample and channel. */
export const globalAveragePool: Rule = (site) => {
  const { graph } = site;
  const size = (name: string) => graph.op('Cast', [graph.op('Size', [name])], { to: 1 });
  const count = graph.op('Div', [size(inputOf(site, 0)), size(outputOf(site))]);
  return [repeated(site, graph.op('Div', [gradientOf(site), count]))];
};
