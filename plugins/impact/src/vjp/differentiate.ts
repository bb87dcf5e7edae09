import { GraphBuilder } from '../onnx/graph-builder.js';
import type { Graph, Model, Node } from '../onnx/model.js';
import { type Facts, factsOf } from './facts.js';
import { NoRule, opsetOf, type Site } from './rule.js';
import { RULES, STEPS } from './rules/index.js';
import { type GradientGraphs, gradientName, splitGraphs } from './split-graphs.js';

/** Below this operator set some rules have no operators to be written in. */
const LOWEST_OPSET = 13;

/** Prefix of every value that differentiation adds. */
const PREFIX = 'vjp_';

/** An operator that stands between image and features and has no rule, and why. */
export interface Gap {
  readonly op: string;
  readonly reason: string;
}

export type Differentiated =
  | ({
      readonly ok: true;
      /** Is every way from the layers to the image one of steps, and the derivative 0 everywhere? */
      readonly isFlat: boolean;
    } & GradientGraphs)
  | { readonly ok: false; readonly gaps: readonly Gap[] };

/**
 * The derivative of features by the image, as graphs: reverse differentiation of the model from its layers
 * to one input.
 *
 * @param layers - outputs of the model; others, and what only they need, are left out
 * @param input - the image's input; no other input is differentiated
 */
export function differentiate(
  model: Model,
  layers: readonly string[],
  input: string,
): Differentiated {
  const opset = opsetOf(model);
  if (opset < LOWEST_OPSET) {
    const reason = `the model uses operator set ${opset}; export it with ${LOWEST_OPSET} or newer`;
    return { ok: false, gaps: [{ op: 'any', reason }] };
  }
  const graph = new GraphBuilder(opset, PREFIX);
  const walk = new Backward(model.graph, graph, activeValues(model.graph, input));
  for (const layer of layers) walk.contribute(layer, gradientName(layer));
  walk.run();
  if (walk.gaps.length > 0) return { ok: false, gaps: walk.gaps };
  const found = walk.gradient(input);
  const gradient = found ?? noGradient(graph, input);
  const isFlat = found === undefined;
  return { ok: true, isFlat, ...splitGraphs(model, graph, { layers, gradient }) };
}

/** Zeros, shaped as the image. */
const noGradient = (graph: GraphBuilder, input: string): string =>
  graph.op('Identity', [graph.zeros(graph.shape(input))]);

/** Values through which a small change of the input is felt. */
function activeValues(graph: Graph, input: string): ReadonlySet<string> {
  const active = new Set([input]);
  for (const node of graph.nodes) {
    if (node.domain === '' && STEPS.has(node.op)) continue;
    if (!node.inputs.some((name) => active.has(name)) && !hasSubgraph(node)) continue;
    for (const output of node.outputs) active.add(output);
  }
  return active;
}

/** What a branch or loop reads is not among its node's inputs. */
const hasSubgraph = (node: Node): boolean => ['If', 'Loop', 'Scan'].includes(node.op);

/** Walks the nodes from last to first and collects derivatives by every value on the way. */
class Backward {
  readonly gaps: Gap[] = [];
  readonly #source: Graph;
  readonly #graph: GraphBuilder;
  readonly #active: ReadonlySet<string>;
  readonly #facts: Facts;
  readonly #contributions = new Map<string, string[]>();

  constructor(source: Graph, graph: GraphBuilder, active: ReadonlySet<string>) {
    this.#source = source;
    this.#graph = graph;
    this.#active = active;
    this.#facts = factsOf(source);
  }

  contribute(value: string, gradient: string): void {
    const known = this.#contributions.get(value);
    if (known === undefined) this.#contributions.set(value, [gradient]);
    else known.push(gradient);
  }

  /** Sum of what was contributed by all uses of a value. */
  gradient(value: string): string | undefined {
    const all = this.#contributions.get(value);
    if (all === undefined || all.length === 1) return all?.[0];
    const total = this.#graph.op('Sum', all);
    this.#contributions.set(value, [total]);
    return total;
  }

  run(): void {
    for (const node of [...this.#source.nodes].reverse()) {
      if (!node.outputs.some((name) => this.#active.has(name))) continue;
      const gradients = node.outputs.map((name) => this.gradient(name));
      if (gradients.every((gradient) => gradient === undefined)) continue;
      this.#apply(node, gradients);
    }
  }

  #apply(node: Node, gradients: readonly (string | undefined)[]): void {
    const rule = node.domain === '' ? RULES.get(node.op) : undefined;
    if (rule === undefined) {
      this.#report(node, 'has no rule');
      return;
    }
    try {
      const answers = rule(this.#site(node, gradients));
      for (const [k, name] of node.inputs.entries()) {
        const answer = answers[k];
        if (answer !== undefined && this.#active.has(name)) this.contribute(name, answer);
      }
    } catch (error) {
      if (!(error instanceof NoRule)) throw error;
      this.#report(node, error.message);
    }
  }

  #report(node: Node, reason: string): void {
    const op = node.domain === '' ? node.op : `${node.domain}.${node.op}`;
    if (!this.gaps.some((gap) => gap.op === op && gap.reason === reason))
      this.gaps.push({ op, reason });
  }

  #site(node: Node, gradients: readonly (string | undefined)[]): Site {
    const nameOf = (k: number) => node.inputs[k] ?? '';
    return {
      node,
      gradients,
      graph: this.#graph,
      isActive: (k) => this.#active.has(nameOf(k)),
      constant: (k) => this.#facts.constant(nameOf(k)),
      rank: (k) => this.#facts.rank(nameOf(k)),
    };
  }
}
