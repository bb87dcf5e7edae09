import { floatOf, intOf } from '../../onnx/attributes.js';
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

/** Of alpha A' B' + beta C, where ' may be a transpose. */
export const gemm: Rule = (site) => {
  const { graph, node } = site;
  const transA = intOf(node, 'transA', 0);
  const transB = intOf(node, 'transB', 0);
  const alpha = { kind: 'float', value: floatOf(node, 'alpha', 1) } as const;
  const beta = graph.scalar(floatOf(node, 'beta', 1));
  const g = gradientOf(site);
  const a = inputOf(site, 0);
  const b = inputOf(site, 1);
  const product = (inputs: string[], tA: number, tB: number) =>
    graph.op('Gemm', inputs, { alpha, transA: tA, transB: tB });
  const sides = [
    () => (transA ? product([b, g], transB, 1) : product([g, b], 0, 1 - transB)),
    () => (transB ? product([g, a], 1, transA) : product([a, g], 1 - transA, 0)),
    () => sumTo(graph, graph.op('Mul', [g, beta]), inputOf(site, 2)),
  ];
  return sides.map((side, k) => (site.isActive(k) ? side() : undefined));
};
