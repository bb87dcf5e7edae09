import type { GraphBuilder } from '../onnx/graph-builder.js';
import { ELEMENT, type Graph, type Model, type Node, type ValueInfo } from '../onnx/model.js';
import { elementTypes } from './facts.js';

/**
 * Two models that share one forward pass: `forward` gives the layers and, beside them, the `saved` values;
 * `backward` takes those and the derivative by each layer (`grad_...`) and gives `gradient`.
 */
export interface GradientGraphs {
  readonly forward: Model;
  readonly backward: Model;
  /** What `backward` needs of `forward`: outputs of it, or inputs of it that are simply passed on. */
  readonly saved: readonly string[];
  /** The output of `backward`: the derivative by the image, shaped as the image. */
  readonly gradient: string;
}

const NOTHING = new Uint8Array(0);

/** The backward graph's input for the derivative by a layer. */
export const gradientName = (layer: string): string => `grad_${layer}`;

/** Every node that does not wait for a derivative belongs to the forward graph. */
export function splitGraphs(
  model: Model,
  added: GraphBuilder,
  { layers, gradient }: { readonly layers: readonly string[]; readonly gradient: string },
): GradientGraphs {
  const cotangents = layers.map(gradientName);
  const { early, late, waiting } = divided(model.graph.nodes, added.nodes, cotangents, gradient);
  const initializers = new Map([...model.graph.initializers, ...added.initializers]);
  const typeOf = elementTypes({ ...model.graph, initializers }, [...early, ...late]);
  const info = (name: string, type = typeOf(name)): ValueInfo => ({ name, type, shape: undefined });
  const backward = needed(late, [gradient]);
  const used = [...new Set([...backward.flatMap((node) => node.inputs), gradient])];
  const isGiven = (name: string) => name === '' || initializers.has(name) || waiting.has(name);
  const saved = used.filter((name) => !isGiven(name));
  const { inputs } = model.graph;
  const there = new Set([...inputs.map(({ name }) => name), ...layers]);
  const outputs = [
    ...model.graph.outputs.filter(({ name }) => layers.includes(name)),
    ...saved.filter((name) => !there.has(name)).map((name) => info(name)),
  ];
  const outputNames = outputs.map(({ name }) => name);
  const passed = saved.map((name) => info(name));
  const given = [...passed, ...cotangents.map((name) => info(name, ELEMENT.float32))];
  const whole = { ...model, graph: { ...model.graph, initializers, rest: NOTHING } };
  return {
    forward: withNodes(whole, needed(early, outputNames), { inputs, outputs }),
    backward: withNodes(whole, backward, { inputs: given, outputs: [info(gradient)] }),
    saved,
    gradient,
  };
}

/** Nodes that need no derivative by a layer, and those that wait for one with the values that do. */
function divided(
  nodes: readonly Node[],
  added: readonly Node[],
  cotangents: readonly string[],
  gradient: string,
) {
  const waiting = new Set(cotangents);
  const early = [...nodes];
  const late: Node[] = [];
  for (const node of added) {
    const waits = node.inputs.some((name) => waiting.has(name)) || node.outputs.includes(gradient);
    (waits ? late : early).push(node);
    if (waits) for (const output of node.outputs) waiting.add(output);
  }
  return { early, late, waiting };
}

/** The model with other nodes, and the initializers that these use. */
function withNodes(
  model: Model,
  nodes: readonly Node[],
  ends: Pick<Graph, 'inputs' | 'outputs'>,
): Model {
  const initializers = initializersOf(model.graph, nodes);
  return { ...model, graph: { ...model.graph, nodes, initializers, ...ends } };
}

/** Those that nodes read; all where a subgraph may read any. */
function initializersOf(
  { initializers }: Graph,
  nodes: readonly Node[],
  others: readonly string[] = [],
): Graph['initializers'] {
  if (hasSubgraphs(nodes)) return initializers;
  const used = new Set([...nodes.flatMap((node) => node.inputs), ...others]);
  return new Map([...initializers].filter(([name]) => used.has(name)));
}

const hasSubgraphs = (nodes: readonly Node[]): boolean =>
  nodes.some((node) => [...node.attributes.values()].some((a) => a.kind === 'other'));

/** The nodes that some values depend on, in their order. Nodes with subgraphs may read anything: nothing is left out then. */
export function needed(nodes: readonly Node[], values: readonly string[]): readonly Node[] {
  if (hasSubgraphs(nodes)) return nodes;
  const wanted = new Set(values);
  const kept: Node[] = [];
  for (const node of [...nodes].reverse()) {
    if (!node.outputs.some((name) => wanted.has(name))) continue;
    kept.push(node);
    for (const name of node.inputs) wanted.add(name);
  }
  return kept.reverse();
}

/** A model that gives only some of its layers, without what only the others need. */
export function truncated(model: Model, layers: readonly string[]): Model {
  const { graph } = model;
  const nodes = needed(graph.nodes, layers);
  const outputs = layers.flatMap((layer) => graph.outputs.filter(({ name }) => name === layer));
  const initializers = initializersOf(graph, nodes, layers);
  return { ...model, graph: { ...graph, nodes, outputs, initializers } };
}
