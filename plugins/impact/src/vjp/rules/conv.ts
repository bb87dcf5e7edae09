import { intOf } from '../../onnx/attributes.js';
import type { Tensor } from '../../onnx/model.js';
import { floatsOf } from '../../onnx/tensor.js';
import { gradientOf, inputOf, NoRule, type Rule } from '../rule.js';
import { type Sliding, slidingOf, transposed } from '../sliding.js';

/** Output channels per input channel from which a transposed convolution is the faster way back. */
const FUNNEL = 16;

/**
 * The way back from many channels to few: a convolution would gather every tap of all the many before its
 * product, a transposed one scatters only the few. From 32 channels to 1 that is 1145 ns per voxel against 319,
 * from 12 to 1 530 against 83; to one channel the product itself is a slow one.
 */
const isFunnel = ({ dims: [outputs, inputs] }: Tensor): boolean =>
  inputs === 1 || outputs >= FUNNEL * inputs;

export const conv: Rule = (site) => {
  if (site.isActive(1) || site.isActive(2)) throw new NoRule('Conv with weights from the image');
  const { graph, node } = site;
  const weights = site.constant(1);
  const sliding = slidingOf(node, weights?.dims.slice(2));
  const group = intOf(node, 'group', 1);
  const gradient = gradientOf(site);
  const isFlippable = group === 1 && weights !== undefined && !isFunnel(weights);
  const swapped = isFlippable ? swappedWeights(weights) : undefined;
  const pads = mirroredPads(sliding);
  if (swapped === undefined || pads === undefined) {
    const values = [gradient, inputOf(site, 1), inputOf(site, 0)] as const;
    return [transposed(graph, values, sliding, group)];
  }
  const flipped = graph.floats(swapped.dims, swapped.values);
  const { kernel, dilations } = sliding;
  return [graph.op('Conv', [gradient, flipped], { kernel_shape: kernel, dilations, pads })];
};

/** Pads of the convolution that undoes one of stride 1: d (k - 1) - p; undefined where there is none. */
function mirroredPads({ kernel, strides, dilations, pads }: Sliding): number[] | undefined {
  if (strides.some((s) => s !== 1)) return undefined;
  const mirrored = pads.map((p, i) => {
    const axis = i % kernel.length;
    return dilations[axis] * (kernel[axis] - 1) - p;
  });
  return mirrored.every((p) => p >= 0) ? mirrored : undefined;
}

/** Kernels reversed along every axis, input and output channels exchanged. */
function swappedWeights(weights: Tensor): { dims: number[]; values: Float32Array } | undefined {
  const values = floatsOf(weights);
  if (values === undefined) return undefined;
  const [outputs, inputs, ...kernel] = weights.dims;
  const taps = kernel.reduce((n, k) => n * k, 1);
  const swapped = new Float32Array(values.length);
  for (let o = 0; o < outputs; o++) {
    for (let i = 0; i < inputs; i++) {
      for (let t = 0; t < taps; t++) {
        swapped[(i * outputs + o) * taps + taps - 1 - t] = values[(o * inputs + i) * taps + t];
      }
    }
  }
  return { dims: [inputs, outputs, ...kernel], values: swapped };
}
