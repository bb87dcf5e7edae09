import { intsOf } from '../../onnx/attributes.js';
import { gradientOf, type Rule } from '../rule.js';

/** By the inverse permutation; without one the axes are reversed, which undoes itself. */
export const transpose: Rule = (site) => {
  const perm = intsOf(site.node, 'perm');
  const inverse = perm?.map((_, axis) => perm.indexOf(axis));
  return [
    site.graph.op('Transpose', [gradientOf(site)], inverse === undefined ? {} : { perm: inverse }),
  ];
};
