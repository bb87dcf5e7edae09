import { intOf } from '../../onnx/attributes.js';
import { gradientOf, inputOf, likeShape, NoRule, type Rule, type Site } from '../rule.js';
import { slidingOf, transposed } from '../sliding.js';

/** The mean over windows, channel by channel. */
export const averagePool: Rule = (site) => {
  const { graph, node } = site;
  if (intOf(node, 'ceil_mode', 0) !== 0) throw new NoRule('AveragePool with ceil_mode');
  const sliding = slidingOf(node);
  const { kernel, strides, dilations, pads } = sliding;
  const isPlain = [...strides, ...dilations].every((n) => n === 1) && pads.every((p) => p === 0);
  const gradient = gradientOf(site);
  if (isPlain) {
    const wide = [...kernel, ...kernel].map((k) => k - 1);
    const attributes = { kernel_shape: kernel, pads: wide, count_include_pad: 1 };
    return [graph.op('AveragePool', [gradient], attributes)];
  }
  const counted = intOf(node, 'count_include_pad', 0) === 1 ? gradient : perCovered(site, gradient);
  const taps = kernel.reduce((n, k) => n * k, 1);
  const weights = graph.floats([1, 1, ...kernel], new Float32Array(taps).fill(1 / taps));
  const single = (name: string) => {
    const spatial = graph.part(graph.shape(name), 2, kernel.length + 2);
    const shape = graph.op('Concat', [graph.integers([-1, 1]), spatial], { axis: 0 });
    return graph.op('Reshape', [name, shape]);
  };
  const x = inputOf(site, 0);
  const answer = transposed(graph, [single(counted), weights, single(x)], sliding, 1);
  return [likeShape(graph, answer, x)];
};

/** The gradient over the part of each window that lies in the image, where the pads do not count. */
function perCovered(site: Site, gradient: string): string {
  const { graph, node } = site;
  const shape = graph.shape(inputOf(site, 0));
  const ones = graph.op('Expand', [graph.scalar(1), shape]);
  const { kernel, strides, dilations, pads } = slidingOf(node);
  const isDilated = dilations.some((d) => d !== 1);
  const covered = graph.op('AveragePool', [ones], {
    kernel_shape: kernel,
    strides,
    pads,
    count_include_pad: 1,
    ...(isDilated ? { dilations } : {}),
  });
  return graph.op('Div', [gradient, covered]);
}
