import { binary } from '../broadcast.js';
import { gradientOf, inputOf, outputOf } from '../rule.js';

/** 1 / b, and -y / b. */
export const div = binary(
  (site) => site.graph.op('Div', [gradientOf(site), inputOf(site, 1)]),
  (site) => {
    const { graph } = site;
    const slope = graph.op('Div', [outputOf(site), inputOf(site, 1)]);
    return graph.op('Neg', [graph.op('Mul', [gradientOf(site), slope])]);
  },
);
