import { axesOf, kept } from '../reduced-axes.js';
import { gradientOf, inputOf, outputOf, type Rule } from '../rule.js';

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
