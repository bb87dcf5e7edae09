import { intOf } from '../../onnx/attributes.js';
import { scatterBack } from '../gather-rule.js';
import { gradientOf, inputOf, NoRule, type Rule } from '../rule.js';

/** To the element that was the largest; of elements that tie, the first. */
export const maxPool: Rule = (site) => {
  const { graph, node } = site;
  if (intOf(node, 'storage_order', 0) !== 0) throw new NoRule('MaxPool with column-major indices');
  const attributes = Object.fromEntries(node.attributes);
  const x = inputOf(site, 0);
  const [, picked = ''] = graph.ops('MaxPool', [x], 2, attributes);
  return [scatterBack(site, x, picked, gradientOf(site))];
};
