import type { GraphBuilder } from '../onnx/graph-builder.js';
import { NoRule, type Site } from './rule.js';

/** First operator set whose ScatterElements can add. */
const SCATTER_ADDS = 16;

/** The position of every element of a value in its flat order, shaped as the value. */
export function positionsOf(graph: GraphBuilder, value: string): string {
  const count = graph.op('Size', [value]);
  const flat = graph.op('Range', [graph.integer(0), count, graph.integer(1)]);
  return graph.op('Reshape', [flat, graph.shape(value)]);
}

/**
 * The derivative of anything that only picks elements: each element of the gradient goes back to the
 * position it was picked from, and what was picked twice adds up.
 *
 * @param picked - positions in the flat order of `source`, shaped as the gradient
 */
export function scatterBack(site: Site, source: string, picked: string, gradient: string): string {
  const { graph } = site;
  if (graph.opset < SCATTER_ADDS) {
    throw new NoRule(
      `${site.node.op} needs operator set ${SCATTER_ADDS}, the model has ${graph.opset}`,
    );
  }
  const flat = graph.integers([-1]);
  const zeros = graph.op('Reshape', [graph.zeros(graph.shape(source)), flat]);
  const scattered = graph.op(
    'ScatterElements',
    [zeros, graph.op('Reshape', [picked, flat]), graph.op('Reshape', [gradient, flat])],
    { axis: 0, reduction: 'add' },
  );
  return graph.op('Reshape', [scattered, graph.shape(source)]);
}
