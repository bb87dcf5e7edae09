import type { Image } from '@voxhost/sdk';

/** min, max, mean and standard deviation (n - 1) of all voxels, in the order that models expect. */
export function statisticsOf(image: Image): Float32Array {
  const { data } = image;
  let min = Number.POSITIVE_INFINITY;
  let max = Number.NEGATIVE_INFINITY;
  let sum = 0;
  for (let i = 0; i < data.length; i++) {
    const value = data[i];
    if (value < min) min = value;
    if (value > max) max = value;
    sum += value;
  }
  const mean = sum / data.length;
  let squares = 0;
  for (let i = 0; i < data.length; i++) squares += (data[i] - mean) ** 2;
  const deviation = data.length > 1 ? Math.sqrt(squares / (data.length - 1)) : 0;
  return Float32Array.of(min, max, mean, deviation);
}
