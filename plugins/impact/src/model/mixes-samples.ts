import { intOf, intsOf } from '../onnx/attributes.js';
import type { Graph, Node } from '../onnx/model.js';
import { integersOfTensor } from '../onnx/tensor.js';
import { type Facts, factsOf } from '../vjp/facts.js';

/** Operators that look at each sample of a batch alone, whatever their attributes. */
const APART = new Set(
  'Abs Add AveragePool Cast Clip Constant Conv ConvTranspose Div Dropout Elu Erf Exp Gelu GlobalAveragePool HardSigmoid HardSwish Identity InstanceNormalization LeakyRelu Log Max MaxPool Min Mul Neg Pad Pow PRelu Reciprocal Relu Resize Sigmoid Softplus Sqrt Sub Sum Tanh'.split(
    ' ',
  ),
);

/** May a sample's features depend on the others of its batch? True where the graph does not tell. */
export function mixesSamples(graph: Graph): boolean {
  const facts = factsOf(graph);
  return !graph.nodes.every((node) => isApart(node, facts));
}

function isApart(node: Node, facts: Facts): boolean {
  if (node.domain !== '') return false;
  if (APART.has(node.op)) return true;
  if (node.op === 'BatchNormalization') return intOf(node, 'training_mode', 0) === 0;
  if (node.op === 'Concat' || node.op === 'Split') return intOf(node, 'axis', 0) > 0;
  if (!node.op.startsWith('Reduce')) return false;
  const tensor = facts.constant(node.inputs[1] ?? '');
  const axes =
    intsOf(node, 'axes') ?? (tensor === undefined ? undefined : integersOfTensor(tensor));
  return axes?.every((axis) => axis > 0) === true;
}
