import { floatOf, textAttribute } from '../../onnx/attributes.js';
import { gradientOf, inputOf, NoRule, outputOf, type Rule, type Site } from '../rule.js';

const times = (site: Site, factor: string): readonly string[] => [
  site.graph.op('Mul', [gradientOf(site), factor]),
];

/** max(x, 0); the derivative at 0 is 0. */
export const relu: Rule = (site) => {
  const { graph } = site;
  const isPositive = graph.op('Greater', [inputOf(site, 0), graph.scalar(0)]);
  return times(site, graph.indicator(isPositive));
};

/** x above 0, a x below. */
export const leakyRelu: Rule = (site) => {
  const { graph, node } = site;
  const isNegative = graph.op('Less', [inputOf(site, 0), graph.scalar(0)]);
  const slope = graph.scalar(floatOf(node, 'alpha', 0.01));
  return times(site, graph.op('Where', [isNegative, slope, graph.scalar(1)]));
};

/** x above 0, a (exp x - 1) below, whose slope is y + a. */
export const elu: Rule = (site) => {
  const { graph, node } = site;
  const isNegative = graph.op('Less', [inputOf(site, 0), graph.scalar(0)]);
  const slope = graph.op('Add', [outputOf(site), graph.scalar(floatOf(node, 'alpha', 1))]);
  return times(site, graph.op('Where', [isNegative, slope, graph.scalar(1)]));
};

/** y (1 - y) */
export const sigmoid: Rule = (site) => {
  const { graph } = site;
  const y = outputOf(site);
  return times(site, graph.op('Mul', [y, graph.op('Sub', [graph.scalar(1), y])]));
};

/** 1 - y² */
export const tanh: Rule = (site) => {
  const { graph } = site;
  const square = graph.op('Mul', [outputOf(site), outputOf(site)]);
  return times(site, graph.op('Sub', [graph.scalar(1), square]));
};

/** log(1 + exp x), whose slope is the sigmoid. */
export const softplus: Rule = (site) => times(site, site.graph.op('Sigmoid', [inputOf(site, 0)]));

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

/** 1 within the bounds, the bounds included, 0 outside. */
export const clip: Rule = (site) => {
  const { graph, node } = site;
  if (site.isActive(1) || site.isActive(2)) throw new NoRule('Clip with bounds from the image');
  const x = inputOf(site, 0);
  let gradient = gradientOf(site);
  for (const [k, op] of [
    [1, 'GreaterOrEqual'],
    [2, 'LessOrEqual'],
  ] as const) {
    const bound = node.inputs[k] ?? '';
    if (bound === '') continue;
    gradient = graph.op('Mul', [gradient, graph.indicator(graph.op(op, [x, bound]))]);
  }
  return [gradient];
};
