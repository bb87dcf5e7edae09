import { floatOf } from '../../onnx/attributes.js';
import { inputOf, type Rule } from '../rule.js';
import { times } from '../scaled.js';

/** x above 0, a x below. */
export const leakyRelu: Rule = (site) => {
  const { graph, node } = site;
  const isNegative = graph.op('Less', [inputOf(site, 0), graph.scalar(0)]);
  const slope = graph.scalar(floatOf(node, 'alpha', 0.01));
  return times(site, graph.op('Where', [isNegative, slope, graph.scalar(1)]));
};
