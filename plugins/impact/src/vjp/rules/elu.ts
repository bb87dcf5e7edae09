import { floatOf } from '../../onnx/attributes.js';
import { inputOf, outputOf, type Rule } from '../rule.js';
import { times } from '../scaled.js';

/** x above 0, a (exp x - 1) below, whose slope is y + a. */
export const elu: Rule = (site) => {
  const { graph, node } = site;
  const isNegative = graph.op('Less', [inputOf(site, 0), graph.scalar(0)]);
  const slope = graph.op('Add', [outputOf(site), graph.scalar(floatOf(node, 'alpha', 1))]);
  return times(site, graph.op('Where', [isNegative, slope, graph.scalar(1)]));
};
