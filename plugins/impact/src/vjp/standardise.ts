import type { GraphBuilder } from '../onnx/graph-builder.js';

/** ONNX's default of every normalisation. */
export const EPSILON = 1e-5;

/** x̂ = (x - mean) / σ along the last axis, and 1 / σ. */
export function standardised(graph: GraphBuilder, x: string, epsilon: number) {
  const last = (name: string) => graph.reduce('ReduceMean', name, [-1]);
  const centred = graph.op('Sub', [x, last(x)]);
  const variance = last(graph.op('Mul', [centred, centred]));
  const root = graph.op('Sqrt', [graph.op('Add', [variance, graph.scalar(epsilon)])]);
  const inverse = graph.op('Reciprocal', [root]);
  return { unit: graph.op('Mul', [centred, inverse]), inverse };
}

/** g - mean g - x̂ mean(g x̂) along the last axis: what is left once shift and scale have no effect. */
export function projected(graph: GraphBuilder, gradient: string, unit: string): string {
  const last = (name: string) => graph.reduce('ReduceMean', name, [-1]);
  const along = graph.op('Mul', [unit, last(graph.op('Mul', [gradient, unit]))]);
  return graph.op('Sub', [graph.op('Sub', [gradient, last(gradient)]), along]);
}
