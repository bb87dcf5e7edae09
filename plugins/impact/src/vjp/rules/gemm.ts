import { floatOf, intOf } from '../../onnx/attributes.js';
import { gradientOf, inputOf, type Rule, sumTo } from '../rule.js';

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
