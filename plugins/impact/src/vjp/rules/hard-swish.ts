import { inputOf, type Rule } from '../rule.js';
import { times } from '../scaled.js';

/** x (x + 3) / 6 between -3 and 3, where the slope is x / 3 + 1 / 2; 0 below, x above. */
export const hardSwish: Rule = (site) => {
  const { graph } = site;
  const x = inputOf(site, 0);
  const middle = graph.op('Add', [graph.op('Div', [x, graph.scalar(3)]), graph.scalar(0.5)]);
  const isBelow = graph.op('Less', [x, graph.scalar(-3)]);
  const isAbove = graph.op('Greater', [x, graph.scalar(3)]);
  const lower = graph.op('Where', [isBelow, graph.scalar(0), middle]);
  return times(site, graph.op('Where', [isAbove, graph.scalar(1), lower]));
};
