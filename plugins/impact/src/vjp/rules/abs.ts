import { inputOf } from '../rule.js';
import { scaled } from '../scaled.js';

/** sign(x), 0 at 0. */
export const abs = scaled((site) => site.graph.op('Sign', [inputOf(site, 0)]));
