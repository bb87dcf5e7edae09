import { intOf } from '../../onnx/attributes.js';
import { gradientOf, outputOf, type Rule } from '../rule.js';

/** g - exp(y) Σ g along the axis. */
export const logSoftmax: Rule = (site) => {
  const { graph, node } = site;
  const gradient = gradientOf(site);
  const total = graph.reduce('ReduceSum', gradient, [intOf(node, 'axis', -1)]);
  const share = graph.op('Mul', [graph.op('Exp', [outputOf(site)]), total]);
  return [graph.op('Sub', [gradient, share])];
};
