import { voxelCount } from '@voxhost/sdk';
import { bad } from './define.js';

/** Standard deviations at which the kernel is cut, as MONAI's elastic transforms do. */
const TRUNCATED = 3;

/** Voxels; far beyond any volume, and its kernel still fits anywhere. */
const WIDEST = 65_536;

/** A plane smoothed by a Gaussian of `sigma` voxels on every axis, zeros around it. */
export function smoothed(
  plane: Float64Array,
  size: readonly number[],
  sigma: number,
): Float64Array {
  if (!(sigma > 0)) return plane;
  const kernel = gaussianKernel(sigma);
  return size.reduce(
    (data, n, axis) => convolve(data, { n, stride: voxelCount(size.slice(0, axis)) }, kernel),
    plane,
  );
}

/** Share of each voxel: the Gaussian sampled at whole distances, summing to one. */
function gaussianKernel(sigma: number): Float64Array {
  if (sigma > WIDEST) throw bad('sigma', `is ${sigma} voxels, more than ${WIDEST}`);
  const tail = Math.max(Math.trunc(TRUNCATED * sigma + 0.5), 1);
  const kernel = Float64Array.from({ length: 2 * tail + 1 }, (_, k) =>
    Math.exp(-0.5 * ((k - tail) / sigma) ** 2),
  );
  const sum = kernel.reduce((a, b) => a + b, 0);
  return kernel.map((v) => v / sum);
}

function convolve(
  data: Float64Array,
  { n, stride }: { readonly n: number; readonly stride: number },
  kernel: Float64Array,
): Float64Array {
  const half = (kernel.length - 1) / 2;
  const out = new Float64Array(data.length);
  for (let at = 0; at < data.length; at++) {
    const i = Math.floor(at / stride) % n;
    const first = Math.max(-half, -i);
    const last = Math.min(half, n - 1 - i);
    let sum = 0;
    for (let k = first; k <= last; k++) sum += kernel[k + half] * data[at + k * stride];
    out[at] = sum;
  }
  return out;
}
