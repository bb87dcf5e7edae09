import { floatOf, intOf } from '../../onnx/attributes.js';
import { gradientOf, inputOf, likeShape, NoRule, type Rule } from '../rule.js';
import { EPSILON } from '../standardise.js';

/** At inference a fixed scale per channel: gain / √(variance + ε). */
export const batchNormalization: Rule = (site) => {
  const { graph, node } = site;
  if (intOf(node, 'training_mode', 0) !== 0)
    throw new NoRule('BatchNormalization in training mode');
  const epsilon = graph.scalar(floatOf(node, 'epsilon', EPSILON));
  const deviation = graph.op('Sqrt', [graph.op('Add', [inputOf(site, 4), epsilon])]);
  const scale = graph.op('Div', [inputOf(site, 1), deviation]);
  const perChannel = graph.op('Reshape', [scale, graph.integers([1, -1, 1])]);
  const rows = graph.op('Reshape', [gradientOf(site), graph.integers([0, 0, -1])]);
  return [likeShape(graph, graph.op('Mul', [rows, perChannel]), inputOf(site, 0))];
};
