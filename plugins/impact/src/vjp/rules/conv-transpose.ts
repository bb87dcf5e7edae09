import { intOf } from '../../onnx/attributes.js';
import { gradientOf, inputOf, NoRule, type Rule, type Site } from '../rule.js';
import { slidingOf } from '../sliding.js';

/** Of ConvTranspose it is the convolution with the same weights. */
export const convTranspose: Rule = (site: Site) => {
  if (site.isActive(1) || site.isActive(2))
    throw new NoRule('ConvTranspose with weights from the image');
  const { graph, node } = site;
  if (node.attributes.has('output_shape')) throw new NoRule('ConvTranspose with output_shape');
  const sliding = slidingOf(node, site.constant(1)?.dims.slice(2));
  const { kernel, strides, dilations, pads } = sliding;
  const group = intOf(node, 'group', 1);
  const attributes = { kernel_shape: kernel, strides, dilations, pads, group };
  return [graph.op('Conv', [gradientOf(site), inputOf(site, 1)], attributes)];
};
