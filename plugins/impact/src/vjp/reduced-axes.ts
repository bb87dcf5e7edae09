import { intOf, intsOf } from '../onnx/attributes.js';
import { inputOf, type Site } from './rule.js';

export const repeated = (site: Site, value: string): string =>
  site.graph.op('Expand', [value, site.graph.shape(inputOf(site, 0))]);

/** The gradient with the reduced axes back, of length 1. */
export function kept(site: Site, value: string): string {
  const { graph, node } = site;
  if (intOf(node, 'keepdims', 1) === 1) return value;
  const axes = axesOf(site);
  if (axes === undefined) return value; // a single number, which broadcasts
  return graph.op('Unsqueeze', [value, axes]);
}

export function axesOf(site: Site): string | undefined {
  const named = site.node.inputs[1];
  if (named !== undefined && named !== '') return named;
  const axes = intsOf(site.node, 'axes');
  return axes === undefined ? undefined : site.graph.integers(axes);
}
