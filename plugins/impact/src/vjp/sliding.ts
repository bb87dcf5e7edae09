import { intsOf, textAttribute } from '../onnx/attributes.js';
import type { GraphBuilder } from '../onnx/graph-builder.js';
import type { Node } from '../onnx/model.js';
import { NoRule } from './rule.js';

/** How a kernel slides, per spatial axis. */
export interface Sliding {
  readonly kernel: readonly number[];
  readonly strides: readonly number[];
  readonly dilations: readonly number[];
  /** Begin of every axis, then end. */
  readonly pads: readonly number[];
}

/** @param kernel - lengths, where the node does not name them */
export function slidingOf(node: Node, kernel?: readonly number[]): Sliding {
  const lengths = intsOf(node, 'kernel_shape') ?? kernel;
  if (lengths === undefined) throw new NoRule(`${node.op} with a kernel of unknown size`);
  const ones = lengths.map(() => 1);
  const padding = textAttribute(node, 'auto_pad', 'NOTSET');
  if (padding !== 'NOTSET' && padding !== 'VALID')
    throw new NoRule(`${node.op} with auto_pad ${padding}`);
  const none = [...lengths, ...lengths].map(() => 0);
  return {
    kernel: lengths,
    strides: intsOf(node, 'strides') ?? ones,
    dilations: intsOf(node, 'dilations') ?? ones,
    pads: padding === 'VALID' ? none : (intsOf(node, 'pads') ?? none),
  };
}

/**
 * The transpose of a sliding sum, at the size of the forward input. Only the begin pads go into
 * ConvTranspose; its end is cut or filled afterwards, since with a stride the last inputs may have been
 * reached by no window at all, or by one that a crop would take away first.
 */
export function transposed(
  graph: GraphBuilder,
  [gradient, weights, input]: readonly [string, string, string],
  { kernel, strides, dilations, pads }: Sliding,
  group: number,
): string {
  const begin = pads.slice(0, kernel.length);
  const wide = graph.op('ConvTranspose', [gradient, weights], {
    kernel_shape: kernel,
    strides,
    dilations,
    group,
    pads: [...begin, ...kernel.map(() => 0)],
  });
  const none = graph.integers(Array<number>(kernel.length + 2).fill(0));
  const missing = graph.op('Sub', [graph.shape(input), graph.shape(wide)]);
  return graph.op('Pad', [wide, graph.op('Concat', [none, missing], { axis: 0 })]);
}
