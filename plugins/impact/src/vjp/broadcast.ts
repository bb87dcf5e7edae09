import { gradientOf, inputOf, type Rule, type Site, sumTo } from './rule.js';

/** The two derivatives of a broadcasting operator, each only where it is wanted. */
export const binary =
  (left: (site: Site) => string, right: (site: Site) => string): Rule =>
  (site) =>
    [left, right].map((side, k) => (site.isActive(k) ? reduced(site, side(site), k) : undefined));

export const passed = (site: Site): string => gradientOf(site);

/** Nothing was repeated where the other operand is one number, or the same value. */
export function reduced(site: Site, gradient: string, k: number): string {
  const dims = site.constant(1 - k)?.dims ?? [0];
  const isNumber = dims.length < 2 && dims.every((d) => d === 1);
  if (isNumber || inputOf(site, 0) === inputOf(site, 1)) return gradient;
  return sumTo(site.graph, gradient, inputOf(site, k));
}
