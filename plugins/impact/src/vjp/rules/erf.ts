import { inputOf } from '../rule.js';
import { scaled } from '../scaled.js';

/** 2/√π exp(-x²) */
export const erf = scaled((site) => {
  const { graph } = site;
  const square = graph.op('Mul', [inputOf(site, 0), inputOf(site, 0)]);
  const bell = graph.op('Exp', [graph.op('Neg', [square])]);
  return graph.op('Mul', [bell, graph.scalar(2 / Math.sqrt(Math.PI))]);
});
