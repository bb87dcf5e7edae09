import { intsOf } from '../onnx/attributes.js';
import type { Graph, Node } from '../onnx/model.js';
import { floatsOf, integersOfTensor } from '../onnx/tensor.js';
import { type Facts, factsOf } from '../vjp/facts.js';

/** How far a feature sees, in voxels of the model's input, per spatial axis in the order of the tensor (z y x). */
export interface Reach {
  /** Voxels along each axis that one feature depends on; undefined where the graph does not tell. */
  readonly field: readonly number[] | undefined;
  /** Input voxels from one feature to the next. */
  readonly stride: readonly number[];
  /** Operators that make a feature depend on the whole tensor, such as an instance norm. */
  readonly global: readonly string[];
}

/**
 * Receptive field of every value of a graph along its longest path:
 * field += (kernel - 1) · dilation · stride so far, for every window on the way.
 */
export function reachOf(
  graph: Graph,
  input: string,
  spatialAxes: number,
): ReadonlyMap<string, Reach> {
  const facts = factsOf(graph);
  const ones = Array<number>(spatialAxes).fill(1);
  const reaches = new Map<string, Reach>([[input, { field: ones, stride: ones, global: [] }]]);
  for (const node of graph.nodes) {
    const inputs = node.inputs.flatMap((name) => reaches.get(name) ?? []);
    if (inputs.length === 0) continue;
    const reach = after(node, inputs.reduce(merged), facts);
    for (const output of node.outputs) reaches.set(output, reach);
  }
  return reaches;
}

const merged = (a: Reach, b: Reach): Reach => ({
  field: a.field && b.field && a.field.map((f, i) => Math.max(f, b.field?.[i] ?? f)),
  stride: a.stride.map((s, i) => Math.max(s, b.stride[i])),
  global: [...new Set([...a.global, ...b.global])],
});

/** Operators after which the axes are no longer those of the image. */
const MIXING = new Set(['Reshape', 'Transpose', 'Flatten', 'MatMul', 'Gemm', 'Gather', 'Einsum']);
const WINDOWS = new Set(['Conv', 'AveragePool', 'MaxPool', 'LpPool']);

function after(node: Node, reach: Reach, facts: Facts): Reach {
  if (WINDOWS.has(node.op)) return windowed(node, reach, facts);
  if (node.op === 'ConvTranspose') return spread(node, reach, facts);
  if (node.op === 'Resize') return resized(node, reach, facts);
  if (isGlobal(node, facts)) return { ...reach, global: [...new Set([...reach.global, node.op])] };
  if (MIXING.has(node.op)) {
    return { ...reach, field: undefined, global: [...new Set([...reach.global, node.op])] };
  }
  return reach;
}

function windowed(node: Node, reach: Reach, facts: Facts): Reach {
  const kernel = kernelOf(node, facts);
  if (kernel === undefined) return { ...reach, field: undefined };
  const dilations = intsOf(node, 'dilations') ?? kernel.map(() => 1);
  const strides = intsOf(node, 'strides') ?? kernel.map(() => 1);
  return {
    ...reach,
    field: reach.field?.map((f, a) => f + (kernel[a] - 1) * dilations[a] * reach.stride[a]),
    stride: reach.stride.map((s, a) => s * strides[a]),
  };
}

/** A transposed window of k with stride s sees ⌈k / s⌉ inputs. */
function spread(node: Node, reach: Reach, facts: Facts): Reach {
  const kernel = kernelOf(node, facts);
  if (kernel === undefined) return { ...reach, field: undefined };
  const strides = intsOf(node, 'strides') ?? kernel.map(() => 1);
  return {
    ...reach,
    field: reach.field?.map(
      (f, a) => f + (Math.ceil(kernel[a] / strides[a]) - 1) * reach.stride[a],
    ),
    stride: reach.stride.map((s, a) => s / strides[a]),
  };
}

/** Between two inputs it sees both. */
function resized(node: Node, reach: Reach, facts: Facts): Reach {
  const tensor = facts.constant(node.inputs[2] ?? '');
  const scales = tensor === undefined ? undefined : floatsOf(tensor);
  if (scales === undefined || scales.length !== reach.stride.length + 2) {
    return { ...reach, field: undefined };
  }
  return {
    ...reach,
    field: reach.field?.map((f, a) => f + (scales[a + 2] === 1 ? 0 : reach.stride[a])),
    stride: reach.stride.map((s, a) => s / scales[a + 2]),
  };
}

const kernelOf = (node: Node, facts: Facts): readonly number[] | undefined =>
  intsOf(node, 'kernel_shape') ?? facts.constant(node.inputs[1] ?? '')?.dims.slice(2);

/** Does a feature after this node depend on all voxels of its sample? */
function isGlobal(node: Node, facts: Facts): boolean {
  if (node.op === 'InstanceNormalization' || node.op === 'LayerNormalization') return true;
  if (node.op.startsWith('Global') || node.op === 'GroupNormalization') return true;
  if (!node.op.startsWith('Reduce')) return false;
  const tensor = facts.constant(node.inputs[1] ?? '');
  const axes =
    intsOf(node, 'axes') ?? (tensor === undefined ? undefined : integersOfTensor(tensor));
  return axes === undefined || axes.some((axis) => axis !== 1);
}
