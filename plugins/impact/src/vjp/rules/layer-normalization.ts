import { floatOf, intOf } from '../../onnx/attributes.js';
import { gradientOf, inputOf, likeShape, NoRule, type Rule } from '../rule.js';
import { EPSILON, projected, standardised } from '../standardise.js';

/** Over the axes from `axis` on; the gain varies along them, so it comes first. */
export const layerNormalization: Rule = (site) => {
  if (site.isActive(1) || site.isActive(2)) throw new NoRule('a norm with weights from the image');
  const { graph, node } = site;
  if (node.outputs.slice(1).some((name) => name !== '')) {
    throw new NoRule('LayerNormalization whose mean or deviation is used');
  }
  const axis = intOf(node, 'axis', -1);
  const flatten = (name: string) => graph.op('Flatten', [name], { axis });
  const x = flatten(inputOf(site, 0));
  const { unit, inverse } = standardised(graph, x, floatOf(node, 'epsilon', EPSILON));
  const gain = graph.op('Reshape', [inputOf(site, 1), graph.integers([1, -1])]);
  const gradient = graph.op('Mul', [flatten(gradientOf(site)), gain]);
  const answer = graph.op('Mul', [projected(graph, gradient, unit), inverse]);
  return [likeShape(graph, answer, inputOf(site, 0))];
};
