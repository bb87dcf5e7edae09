import { gradientOf, inputOf, likeShape, type Rule } from '../rule.js';

/** Reshape, Flatten, Squeeze and Unsqueeze: the same elements in the same order. */
export const reshape: Rule = (site) => [likeShape(site.graph, gradientOf(site), inputOf(site, 0))];
