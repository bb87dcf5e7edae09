import { intOf } from '../../onnx/attributes.js';
import { gradientOf, outputOf, type Rule } from '../rule.js';

/** y (g - Σ g y) along the axis. */
export const softmax: Rule = (site) => {
  const { graph, node } = site;
  const axis = intOf(node, 'axis', -1);
  const y = outputOf(site);
  const gradient = gradientOf(site);
  const mean = graph.reduce('ReduceSum', graph.op('Mul', [gradient, y]), [axis]);
  return [graph.op('Mul', [y, graph.op('Sub', [gradient, mean])])];
};
