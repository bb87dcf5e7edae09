import { gradientOf, inputOf, outputOf, type Rule, type Site } from '../rule.js';

type Slope = (site: Site) => string;

const scaled =
  (slope: Slope): Rule =>
  (site) => [site.graph.op('Mul', [gradientOf(site), slope(site)])];

/** Of exp it is exp. */
export const exp = scaled(outputOf);

/** 1 / x */
export const log: Rule = (site) => [site.graph.op('Div', [gradientOf(site), inputOf(site, 0)])];

/** 1 / 2y */
export const sqrt: Rule = (site) => {
  const half = site.graph.op('Mul', [gradientOf(site), site.graph.scalar(0.5)]);
  return [site.graph.op('Div', [half, outputOf(site)])];
};

/** sign(x), 0 at 0. */
export const abs = scaled((site) => site.graph.op('Sign', [inputOf(site, 0)]));

/** -y² */
export const reciprocal = scaled((site) => {
  const { graph } = site;
  const y = outputOf(site);
  return graph.op('Neg', [graph.op('Mul', [y, y])]);
});

/** 2/√π exp(-x²) */
export const erf = scaled((site) => {
  const { graph } = site;
  const square = graph.op('Mul', [inputOf(site, 0), inputOf(site, 0)]);
  const bell = graph.op('Exp', [graph.op('Neg', [square])]);
  return graph.op('Mul', [bell, graph.scalar(2 / Math.sqrt(Math.PI))]);
});

export const neg: Rule = (site) => [site.graph.op('Neg', [gradientOf(site)])];

/** Identity, and Dropout, which does nothing at inference. */
export const identity: Rule = (site) => [gradientOf(site)];

/** Back to the type of the input. */
export const cast: Rule = (site) => [
  site.graph.op('CastLike', [gradientOf(site), inputOf(site, 0)]),
];
