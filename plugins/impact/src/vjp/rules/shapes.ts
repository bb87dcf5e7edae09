import { intOf, intsOf } from '../../onnx/attributes.js';
import { positionsOf, scatterBack } from '../gather-rule.js';
import { gradientOf, inputOf, likeShape, type Rule, sumTo, zerosLike } from '../rule.js';

/** Reshape, Flatten, Squeeze and Unsqueeze: the same elements in the same order. */
export const reshape: Rule = (site) => [likeShape(site.graph, gradientOf(site), inputOf(site, 0))];

/** By the inverse permutation; without one the axes are reversed, which undoes itself. */
export const transpose: Rule = (site) => {
  const perm = intsOf(site.node, 'perm');
  const inverse = perm?.map((_, axis) => perm.indexOf(axis));
  return [
    site.graph.op('Transpose', [gradientOf(site)], inverse === undefined ? {} : { perm: inverse }),
  ];
};

export const expand: Rule = (site) => [sumTo(site.graph, gradientOf(site), inputOf(site, 0))];

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

/** The parts put together again; zeros for one that nothing depends on. */
export const split: Rule = (site) => {
  const { graph, node } = site;
  const parts = node.outputs.map((name, k) => site.gradients[k] ?? zerosLike(graph, name));
  return [graph.op('Concat', parts, { axis: intOf(node, 'axis', 0) })];
};

/** Slice, Gather and GatherElements: the positions are picked as the values were. */
export const pick: Rule = (site) => {
  const { graph, node } = site;
  const source = inputOf(site, 0);
  const [, ...others] = node.inputs;
  const attributes = Object.fromEntries(node.attributes);
  const picked = graph.op(node.op, [positionsOf(graph, source), ...others], attributes);
  return [scatterBack(site, source, picked, gradientOf(site))];
};
