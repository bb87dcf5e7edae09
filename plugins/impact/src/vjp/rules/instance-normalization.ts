import { floatOf } from '../../onnx/attributes.js';
import { gradientOf, inputOf, likeShape, NoRule, type Rule } from '../rule.js';
import { EPSILON, projected, standardised } from '../standardise.js';

/** Per sample and channel over all other axes; the gain is one number there, so it comes last. */
export const instanceNormalization: Rule = (site) => {
  if (site.isActive(1) || site.isActive(2)) throw new NoRule('a norm with weights from the image');
  const { graph, node } = site;
  const rows = graph.integers([0, 0, -1]);
  const x = graph.op('Reshape', [inputOf(site, 0), rows]);
  const { unit, inverse } = standardised(graph, x, floatOf(node, 'epsilon', EPSILON));
  const gain = graph.op('Reshape', [inputOf(site, 1), graph.integers([1, -1, 1])]);
  const gradient = graph.op('Reshape', [gradientOf(site), rows]);
  const factor = graph.op('Mul', [inverse, gain]);
  const answer = graph.op('Mul', [projected(graph, gradient, unit), factor]);
  return [likeShape(graph, answer, inputOf(site, 0))];
};
