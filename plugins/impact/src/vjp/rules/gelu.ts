import { textAttribute } from '../../onnx/attributes.js';
import { inputOf, type Rule, type Site } from '../rule.js';
import { times } from '../scaled.js';

/** x Φ(x), with Φ by the error function or by its approximation through tanh. */
export const gelu: Rule = (site) =>
  times(
    site,
    textAttribute(site.node, 'approximate', 'none') === 'tanh' ? byTanh(site) : byErf(site),
  );

/** Φ(x) + x exp(-x²/2) / √2π */
function byErf(site: Site): string {
  const { graph } = site;
  const x = inputOf(site, 0);
  const erf = graph.op('Erf', [graph.op('Mul', [x, graph.scalar(Math.SQRT1_2)])]);
  const half = graph.scalar(0.5);
  const cumulative = graph.op('Mul', [graph.op('Add', [erf, graph.scalar(1)]), half]);
  const exponent = graph.op('Mul', [graph.op('Mul', [x, x]), graph.scalar(-0.5)]);
  const scale = graph.scalar(1 / Math.sqrt(2 * Math.PI));
  const density = graph.op('Mul', [graph.op('Exp', [exponent]), scale]);
  return graph.op('Add', [cumulative, graph.op('Mul', [x, density])]);
}

/** With t = tanh(k (x + c x³)): (1 + t)/2 + x/2 (1 - t²) k (1 + 3 c x²). */
function byTanh(site: Site): string {
  const { graph } = site;
  const x = inputOf(site, 0);
  const k = graph.scalar(Math.sqrt(2 / Math.PI));
  const c = 0.044715;
  const one = graph.scalar(1);
  const half = graph.scalar(0.5);
  const square = graph.op('Mul', [x, x]);
  const cubic = graph.op('Add', [one, graph.op('Mul', [square, graph.scalar(c)])]);
  const t = graph.op('Tanh', [graph.op('Mul', [k, graph.op('Mul', [x, cubic])])]);
  const inner = graph.op('Add', [one, graph.op('Mul', [square, graph.scalar(3 * c)])]);
  const slope = graph.op('Mul', [graph.op('Sub', [one, graph.op('Mul', [t, t])]), inner]);
  const turn = graph.op('Mul', [graph.op('Mul', [graph.op('Mul', [x, half]), slope]), k]);
  return graph.op('Add', [graph.op('Mul', [graph.op('Add', [t, one]), half]), turn]);
}
