import { intOf, intsOf, tensorOf } from '../onnx/attributes.js';
import { ELEMENT, type Graph, type Node, type Tensor } from '../onnx/model.js';
import { integersOfTensor } from '../onnx/tensor.js';

/** What is known about the values of a graph before it runs. */
export interface Facts {
  constant(name: string): Tensor | undefined;
  rank(name: string): number | undefined;
  /** Of a vector, as shapes are. */
  length(name: string): number | undefined;
}

export function factsOf(graph: Graph): Facts {
  const constants = new Map(graph.initializers);
  const ranks = new Map<string, number>();
  const lengths = new Map<string, number>();
  for (const { name, shape } of graph.inputs)
    if (shape !== undefined) ranks.set(name, shape.length);
  for (const [name, tensor] of constants) ranks.set(name, tensor.dims.length);
  const facts: Facts = {
    constant: (name) => constants.get(name),
    rank: (name) => ranks.get(name),
    length: (name) => lengths.get(name) ?? vectorLength(constants.get(name)),
  };
  for (const node of graph.nodes) {
    const value = node.op === 'Constant' ? tensorOf(node, 'value') : undefined;
    const [first = ''] = node.outputs;
    note(constants, [first], value);
    note(lengths, [first], lengthAfter(node, facts));
    note(ranks, node.outputs, value?.dims.length ?? rankAfter(node, facts));
  }
  return facts;
}

function note<T>(known: Map<string, T>, names: readonly string[], fact: T | undefined): void {
  if (fact !== undefined) for (const name of names) known.set(name, fact);
}

const vectorLength = (tensor: Tensor | undefined): number | undefined =>
  tensor?.dims.length === 1 ? tensor.dims[0] : undefined;

/** How exporters put a shape together: parts of another shape, made vectors and joined. */
function lengthAfter(node: Node, facts: Facts): number | undefined {
  const [first = ''] = node.inputs;
  switch (node.op) {
    case 'Shape':
      return node.attributes.size === 0 ? facts.rank(first) : undefined;
    case 'Unsqueeze':
      return facts.rank(first) === 0 ? 1 : undefined;
    case 'Cast':
    case 'Identity':
      return facts.length(first);
    case 'Slice':
      return slicedLength(node, facts);
    case 'Concat': {
      const lengths = node.inputs.map((name) => facts.length(name));
      return lengths.reduce(
        (sum, n) => (sum === undefined || n === undefined ? undefined : sum + n),
        0,
      );
    }
    default:
      return undefined;
  }
}

function slicedLength({ inputs }: Node, facts: Facts): number | undefined {
  const whole = facts.length(inputs[0] ?? '');
  const [from, to] = [1, 2].map((k) => {
    const tensor = facts.constant(inputs[k] ?? '');
    const [at] = (tensor === undefined ? undefined : integersOfTensor(tensor)) ?? [];
    if (at === undefined || whole === undefined) return undefined;
    return Math.min(whole, at < 0 ? Math.max(0, at + whole) : at);
  });
  const isPlain = (inputs[4] ?? '') === '';
  if (from === undefined || to === undefined || !isPlain) return undefined;
  return Math.max(0, to - from);
}

function rankAfter(node: Node, facts: Facts): number | undefined {
  const [first = '', second = ''] = node.inputs;
  const rank = facts.rank(first);
  switch (node.op) {
    case 'Reshape':
      return facts.length(second);
    case 'Squeeze':
    case 'Unsqueeze': {
      const tensor = facts.constant(second);
      const axes = tensor === undefined ? undefined : integersOfTensor(tensor);
      const change = node.op === 'Squeeze' ? -1 : 1;
      return rank === undefined || axes === undefined ? undefined : rank + change * axes.length;
    }
    case 'Flatten':
    case 'Gemm':
      return 2;
    case 'Shape':
      return 1;
    case 'Gather': {
      const indices = facts.rank(second);
      return rank === undefined || indices === undefined ? undefined : rank + indices - 1;
    }
    case 'Expand':
      return undefined;
    default:
      return node.op.startsWith('Reduce') ? reducedRank(node, facts) : broadcastRank(node, facts);
  }
}

function reducedRank(node: Node, facts: Facts): number | undefined {
  const rank = facts.rank(node.inputs[0] ?? '');
  if (intOf(node, 'keepdims', 1) === 1) return rank;
  const count = intsOf(node, 'axes')?.length ?? facts.constant(node.inputs[1] ?? '')?.dims[0];
  if (count === undefined) return node.inputs.length > 1 ? undefined : 0;
  return rank === undefined ? undefined : rank - count;
}

/** Operators that broadcast, and those that keep the rank of what comes first, which is the highest. */
const BROADCASTING = new Set([
  'Add',
  'Sub',
  'Mul',
  'Div',
  'Pow',
  'Max',
  'Min',
  'Sum',
  'Where',
  'MatMul',
]);

function broadcastRank(node: Node, facts: Facts): number | undefined {
  if (!BROADCASTING.has(node.op)) return facts.rank(node.inputs[0] ?? '');
  let highest = 0;
  for (const input of node.inputs) {
    const rank = facts.rank(input);
    if (rank === undefined) return undefined;
    highest = Math.max(highest, rank);
  }
  return highest;
}

/** ONNX's element type of each value that a list of nodes gives, as far as the operators' rules tell. */
export function elementTypes(graph: Graph, nodes: readonly Node[]): (name: string) => number {
  const types = new Map<string, number>();
  for (const { name, type } of graph.inputs) types.set(name, type);
  for (const [name, tensor] of graph.initializers) types.set(name, tensor.type);
  const typeOf = (name: string): number => types.get(name) ?? ELEMENT.float32;
  for (const node of nodes) {
    for (const [k, output] of node.outputs.entries()) types.set(output, typeAfter(node, k, typeOf));
  }
  return typeOf;
}

const INTEGER_OPS = new Set(['Shape', 'Size', 'NonZero', 'ArgMax', 'ArgMin']);
const TRUTH_OPS = new Set(['Equal', 'Greater', 'GreaterOrEqual', 'Less', 'LessOrEqual', 'Not']);
const TRUTH_MORE = new Set(['And', 'Or', 'Xor', 'IsNaN', 'IsInf']);

function typeAfter(node: Node, output: number, typeOf: (name: string) => number): number {
  const [first = '', second = ''] = node.inputs;
  if (INTEGER_OPS.has(node.op)) return ELEMENT.int64;
  if (TRUTH_OPS.has(node.op) || TRUTH_MORE.has(node.op)) return ELEMENT.bool;
  switch (node.op) {
    case 'Cast':
      return intOf(node, 'to', ELEMENT.float32);
    case 'Constant':
    case 'ConstantOfShape':
      return tensorOf(node, 'value')?.type ?? ELEMENT.float32;
    case 'Where':
    case 'CastLike':
      return typeOf(second);
    case 'EyeLike':
      return intOf(node, 'dtype', typeOf(first));
    case 'MaxPool':
      return output === 1 ? ELEMENT.int64 : typeOf(first);
    default:
      return typeOf(first);
  }
}
