import { intOf } from '../../onnx/attributes.js';
import { gradientOf, type Rule } from '../rule.js';

/** Each input gets its part back. */
export const concat: Rule = (site) => {
  const { graph, node } = site;
  const axis = intOf(node, 'axis', 0);
  if (node.inputs.length === 1) return [gradientOf(site)];
  const lengths = node.inputs.map((name) =>
    graph.op('Gather', [graph.shape(name), graph.integers([axis])]),
  );
  const sizes = graph.op('Concat', lengths, { axis: 0 });
  const parts = graph.ops('Split', [gradientOf(site), sizes], node.inputs.length, { axis });
  return parts.map((part, k) => (site.isActive(k) ? part : undefined));
};
