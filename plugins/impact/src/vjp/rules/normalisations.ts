import { floatOf, intOf } from '../../onnx/attributes.js';
import type { GraphBuilder } from '../../onnx/graph-builder.js';
import { gradientOf, inputOf, likeShape, NoRule, outputOf, type Rule } from '../rule.js';

/** ONNX's default of every normalisation. */
const EPSILON = 1e-5;

/** x̂ = (x - mean) / σ along the last axis, and 1 / σ. */
function standardised(graph: GraphBuilder, x: string, epsilon: number) {
  const last = (name: string) => graph.reduce('ReduceMean', name, [-1]);
  const centred = graph.op('Sub', [x, last(x)]);
  const variance = last(graph.op('Mul', [centred, centred]));
  const root = graph.op('Sqrt', [graph.op('Add', [variance, graph.scalar(epsilon)])]);
  const inverse = graph.op('Reciprocal', [root]);
  return { unit: graph.op('Mul', [centred, inverse]), inverse };
}

/** g - mean g - x̂ mean(g x̂) along the last axis: what is left once shift and scale have no effect. */
function projected(graph: GraphBuilder, gradient: string, unit: string): string {
  const last = (name: string) => graph.reduce('ReduceMean', name, [-1]);
  const along = graph.op('Mul', [unit, last(graph.op('Mul', [gradient, unit]))]);
  return graph.op('Sub', [graph.op('Sub', [gradient, last(gradient)]), along]);
}

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

/** y (g - Σ g y) along the axis. */
export const softmax: Rule = (site) => {
  const { graph, node } = site;
  const axis = intOf(node, 'axis', -1);
  const y = outputOf(site);
  const gradient = gradientOf(site);
  const mean = graph.reduce('ReduceSum', graph.op('Mul', [gradient, y]), [axis]);
  return [graph.op('Mul', [y, graph.op('Sub', [gradient, mean])])];
};

/** g - exp(y) Σ g along the axis. */
export const logSoftmax: Rule = (site) => {
  const { graph, node } = site;
  const gradient = gradientOf(site);
  const total = graph.reduce('ReduceSum', gradient, [intOf(node, 'axis', -1)]);
  const share = graph.op('Mul', [graph.op('Exp', [outputOf(site)]), total]);
  return [graph.op('Sub', [gradient, share])];
};
