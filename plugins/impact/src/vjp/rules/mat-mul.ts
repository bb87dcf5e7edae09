import { gradientOf, inputOf, NoRule, type Rule, type Site, sumTo } from '../rule.js';

/** g Bᵀ and Aᵀ g, over the last two axes. */
export const matMul: Rule = (site) => {
  const { graph } = site;
  const gradient = gradientOf(site);
  const left = () => graph.op('MatMul', [gradient, turned(site, 1)]);
  const right = () => graph.op('MatMul', [turned(site, 0), gradient]);
  return [left, right].map((side, k) =>
    site.isActive(k) ? sumTo(graph, side(), inputOf(site, k)) : undefined,
  );
};

/** An operand with its last two axes exchanged. */
function turned(site: Site, k: number): string {
  const ranks = [site.rank(0), site.rank(1)];
  const rank = ranks[k];
  if (rank === undefined) throw new NoRule('MatMul of a value of unknown rank');
  if (ranks.some((r) => r === 1)) throw new NoRule('MatMul of a vector');
  const perm = Array.from({ length: rank }, (_, a) => a);
  perm.splice(rank - 2, 2, rank - 1, rank - 2);
  return site.graph.op('Transpose', [inputOf(site, k)], { perm });
}
