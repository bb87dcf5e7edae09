import type { GraphBuilder } from '../onnx/graph-builder.js';
import type { Model, Node, Tensor } from '../onnx/model.js';

/** Where a rule stands: one node of the forward graph, and the derivatives by what it gives. */
export interface Site {
  readonly node: Node;
  /** By each output; undefined where nothing depends on it. At least one is there. */
  readonly gradients: readonly (string | undefined)[];
  /** Where the rule adds its nodes. */
  readonly graph: GraphBuilder;
  /** Does input k carry a derivative to the image? A rule need not answer for one that does not. */
  isActive(input: number): boolean;
  /** The value of input k where it is known when the graph is built. */
  constant(input: number): Tensor | undefined;
  /** Number of axes of input k, where it is known when the graph is built. */
  rank(input: number): number | undefined;
}

/**
 * The vector-Jacobian product of one operator: from derivatives by the node's outputs to derivatives by
 * its inputs, undefined where there is none. Throws `NoRule` for a form of the operator it does not cover.
 */
export type Rule = (site: Site) => readonly (string | undefined)[];

/** Why a node cannot be differentiated. Caught by the builder, which reports it. */
export class NoRule extends Error {}

/** The derivative by the only output that most operators have. */
export function gradientOf(site: Site): string {
  const [gradient] = site.gradients;
  if (gradient === undefined) throw new NoRule(`only another output of ${site.node.op} is used`);
  return gradient;
}

/** Name of input k; throws `NoRule` when it is left out. */
export function inputOf(site: Site, k: number): string {
  const name = site.node.inputs[k];
  if (name === undefined || name === '') throw new NoRule(`${site.node.op} without input ${k}`);
  return name;
}

/** Name of the node's first output. */
export const outputOf = (site: Site): string => site.node.outputs[0] ?? '';

/** Does the node have input k? */
export const hasInput = (site: Site, k: number): boolean => (site.node.inputs[k] ?? '') !== '';

/** A derivative of a broadcast operand: summed over the axes along which `input` was repeated. */
export function sumTo(graph: GraphBuilder, gradient: string, input: string): string {
  const to = graph.shape(input);
  const from = graph.shape(gradient);
  const missing = graph.op('Sub', [graph.shape(from), graph.shape(to)]);
  const ones = graph.op('Expand', [graph.integers([1]), missing]);
  const aligned = graph.op('Concat', [ones, to], { axis: 0 });
  const differs = graph.op('Not', [graph.op('Equal', [aligned, from])]);
  const axes = graph.op('Squeeze', [graph.op('NonZero', [differs]), graph.integers([0])]);
  return graph.op('Reshape', [graph.sumOver(gradient, axes, true), to]);
}

/** A derivative given the shape of another value with as many elements. */
export const likeShape = (graph: GraphBuilder, gradient: string, like: string): string =>
  graph.op('Reshape', [gradient, graph.shape(like)]);

/** Zeros shaped as a value. */
export const zerosLike = (graph: GraphBuilder, value: string): string =>
  graph.zeros(graph.shape(value));

/** The version of the standard operators that a model uses. */
export const opsetOf = (model: Model): number => model.opsets.get('') ?? 0;
