import { outputOf } from '../rule.js';
import { scaled } from '../scaled.js';

/** -y² */
export const reciprocal = scaled((site) => {
  const { graph } = site;
  const y = outputOf(site);
  return graph.op('Neg', [graph.op('Mul', [y, y])]);
});
