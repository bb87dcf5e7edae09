import { intOf } from '../../onnx/attributes.js';
import { type Rule, zerosLike } from '../rule.js';

/** The parts put together again; zeros for one that nothing depends on. */
export const split: Rule = (site) => {
  const { graph, node } = site;
  const parts = node.outputs.map((name, k) => site.gradients[k] ?? zerosLike(graph, name));
  return [graph.op('Concat', parts, { axis: intOf(node, 'axis', 0) })];
};
