import { floatOf } from '../../onnx/attributes.js';
import { inputOf, type Rule } from '../rule.js';
import { times } from '../scaled.js';

/** α x + β between 0 and 1, and flat beyond. */
export const hardSigmoid: Rule = (site) => {
  const { graph, node } = site;
  const alpha = graph.scalar(floatOf(node, 'alpha', 0.2));
  const line = graph.op('Add', [
    graph.op('Mul', [inputOf(site, 0), alpha]),
    graph.scalar(floatOf(node, 'beta', 0.5)),
  ]);
  const isInside = graph.op('And', [
    graph.op('Greater', [line, graph.scalar(0)]),
    graph.op('Less', [line, graph.scalar(1)]),
  ]);
  return times(site, graph.op('Where', [isInside, alpha, graph.scalar(0)]));
};
