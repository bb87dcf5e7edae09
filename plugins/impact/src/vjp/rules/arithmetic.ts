import { gradientOf, inputOf, NoRule, outputOf, type Rule, type Site, sumTo } from '../rule.js';

/** The two derivatives of a broadcasting operator, each only where it is wanted. */
const binary =
  (left: (site: Site) => string, right: (site: Site) => string): Rule =>
  (site) =>
    [left, right].map((side, k) => (site.isActive(k) ? reduced(site, side(site), k) : undefined));

/** Nothing was repeated where the other operand is one number, or the same value. */
function reduced(site: Site, gradient: string, k: number): string {
  const dims = site.constant(1 - k)?.dims ?? [0];
  const isNumber = dims.length < 2 && dims.every((d) => d === 1);
  if (isNumber || inputOf(site, 0) === inputOf(site, 1)) return gradient;
  return sumTo(site.graph, gradient, inputOf(site, k));
}

const passed = (site: Site): string => gradientOf(site);
const negated = (site: Site): string => site.graph.op('Neg', [gradientOf(site)]);
const timesInput =
  (k: number) =>
  (site: Site): string =>
    site.graph.op('Mul', [gradientOf(site), inputOf(site, k)]);

export const add = binary(passed, passed);
export const sub = binary(passed, negated);
export const mul = binary(timesInput(1), timesInput(0));

/** 1 / b, and -y / b. */
export const div = binary(
  (site) => site.graph.op('Div', [gradientOf(site), inputOf(site, 1)]),
  (site) => {
    const { graph } = site;
    const slope = graph.op('Div', [outputOf(site), inputOf(site, 1)]);
    return graph.op('Neg', [graph.op('Mul', [gradientOf(site), slope])]);
  },
);

/** p x^(p - 1) for an exponent that does not come from the image. */
export const pow: Rule = (site) => {
  if (site.isActive(1)) throw new NoRule('Pow with an exponent from the image');
  const { graph } = site;
  const x = inputOf(site, 0);
  const exponent = graph.op('CastLike', [inputOf(site, 1), x]);
  const lower = graph.op('Pow', [x, graph.op('Sub', [exponent, graph.scalar(1)])]);
  const slope = graph.op('Mul', [exponent, lower]);
  const gradient = graph.op('Mul', [gradientOf(site), slope]);
  return [reduced(site, gradient, 0), undefined];
};

/** Of Sum, which adds any number of operands. */
export const sum: Rule = (site) =>
  site.node.inputs.map((name, k) =>
    site.isActive(k) ? sumTo(site.graph, gradientOf(site), name) : undefined,
  );

/** Of the elementwise Max and Min: operands that tie share equally. */
export const extremum: Rule = (site) => {
  const { graph, node } = site;
  const y = outputOf(site);
  const isChosen = node.inputs.map((name) => graph.indicator(graph.op('Equal', [name, y])));
  const ties = isChosen.length === 1 ? (isChosen[0] ?? '') : graph.op('Sum', isChosen);
  const share = graph.op('Div', [gradientOf(site), ties]);
  return node.inputs.map((name, k) => {
    if (!site.isActive(k)) return undefined;
    return sumTo(graph, graph.op('Mul', [share, isChosen[k] ?? '']), name);
  });
};

/** Of Where: each side gets what it was chosen for. */
export const where: Rule = (site) => {
  const { graph } = site;
  const condition = inputOf(site, 0);
  const gradient = gradientOf(site);
  const zero = graph.scalar(0);
  return [undefined, [condition, gradient, zero], [condition, zero, gradient]].map((inputs, k) =>
    inputs !== undefined && site.isActive(k)
      ? sumTo(graph, graph.op('Where', inputs), inputOf(site, k))
      : undefined,
  );
};

/** x above 0, a x below, with slopes that do not come from the image. */
export const pRelu: Rule = (site) => {
  if (site.isActive(1)) throw new NoRule('PRelu with slopes from the image');
  const { graph } = site;
  const isNegative = graph.op('Less', [inputOf(site, 0), graph.scalar(0)]);
  const slope = graph.op('Where', [isNegative, inputOf(site, 1), graph.scalar(1)]);
  return [graph.op('Mul', [gradientOf(site), slope]), undefined];
};
