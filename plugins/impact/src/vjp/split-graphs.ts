import type { GraphBuilder } from '../onnx/graph-builder.js';
import { ELEMENT, type Model, type Node, type ValueInfo } from '../onnx/model.js';
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

/** Every node that does not wait for a derivative belongs to the forward graph. */
export function splitGraphs(
  model: Model,
  added: GraphBuilder,
  { layers, gradient }: { layers: readonly string[]; gradient: string },
): GradientGraphs {
  const waits = new Set(layers.map((layer) => `grad_${layer}`));
  const early = [...model.graph.nodes];
  const late: Node[] = [];
  for (const node of added.nodes) {
    if (node.inputs.some((name) => waits.has(name)) || node.outputs.includes(gradient)) {
      late.push(node);
      for (const output of node.outputs) waits.add(output);
    } else early.push(node);
  }
  const initializers = new Map([...model.graph.initializers, ...added.initializers]);
  const backwardNodes = needed(late, [gradient]);
  const isGiven = (name: string) => name === '' || initializers.has(name) || waits.has(name);
  const used = [...new Set([...backwardNodes.flatMap((node) => node.inputs), gradient])];
  const saved = used.filter((name) => !isGiven(name));
  const typeOf = elementTypes({ ...model.graph, initializers }, [...early, ...late]);
  const info = (name: string, type = typeOf(name)): ValueInfo => ({ name, type, shape: undefined });
  const given = new Set(model.graph.inputs.map(({ name }) => name));
  const outputs = [
    ...model.graph.outputs.filter(({ name }) => layers.includes(name)),
    ...saved.filter((name) => !given.has(name) && !layers.includes(name)).map((name) => info(name)),
  ];
  const forwardNodes = needed(
    early,
    outputs.map(({ name }) => name),
  );
  const assemble = (
    nodes: readonly Node[],
    inputs: readonly ValueInfo[],
    out: readonly ValueInfo[],
  ): Model => {
    const names = new Set(nodes.flatMap((node) => node.inputs));
    const kept = [...initializers].filter(([name]) => names.has(name) || hasSubgraphs(nodes));
    return {
      ...model,
      graph: {
        name: model.graph.name,
        nodes,
        initializers: new Map(kept),
        inputs,
        outputs: out,
        rest: NOTHING,
      },
    };
  };
  const gradients = layers.map((layer) => info(`grad_${layer}`, ELEMENT.float32));
  return {
    forward: assemble(forwardNodes, model.graph.inputs, outputs),
    backward: assemble(
      backwardNodes,
      [...saved.map((name) => info(name)), ...gradients],
      [info(gradient)],
    ),
    saved,
    gradient,
  };
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
  const used = new Set([...nodes.flatMap((node) => node.inputs), ...layers]);
  const kept = [...graph.initializers].filter(([name]) => used.has(name) || hasSubgraphs(nodes));
  return { ...model, graph: { ...graph, nodes, outputs, initializers: new Map(kept) } };
}
