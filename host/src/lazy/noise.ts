import { createGrid, createImage, type Image, voxelCount } from '@voxhost/sdk';
import { keyOf, normal, philox } from './philox.js';

/** Values added to every voxel of the space where the noise stands. */
export type Noise =
  /** Counter-based: the value of a voxel depends on its index, its channel and the seed alone. */
  | {
      readonly kind: 'gaussian';
      readonly mean: number;
      readonly std: number;
      readonly seed: number;
    }
  /** Given as an image of that space. */
  | { readonly kind: 'given'; readonly image: Image };

/** A box of whole voxels. */
export interface Block {
  readonly start: readonly number[];
  readonly size: readonly number[];
}

/** The noise of one block, float64, as an image whose first voxel is `block.start`. */
export function noiseBlock(noise: Noise, block: Block, channels: number): Image {
  const plane = voxelCount(block.size);
  const data = new Float64Array(plane * channels);
  const fill = noise.kind === 'gaussian' ? gaussianValue(noise) : givenValue(noise.image);
  const [nx, ny] = block.size;
  const [x0, y0, z0 = 0] = block.start;
  for (let at = 0; at < data.length; at++) {
    const inPlane = at % plane;
    const x = x0 + (inPlane % nx);
    const y = y0 + (Math.floor(inPlane / nx) % ny);
    const z = z0 + Math.floor(inPlane / (nx * ny));
    data[at] = fill(x, y, z, Math.floor(at / plane));
  }
  return createImage(createGrid({ size: block.size }), data, channels);
}

type NoiseValue = (x: number, y: number, z: number, channel: number) => number;

function gaussianValue(noise: Noise & { kind: 'gaussian' }): NoiseValue {
  const key = keyOf(noise.seed);
  const words = new Uint32Array(4);
  return (x, y, z, channel) => {
    words[0] = x;
    words[1] = y;
    words[2] = z;
    words[3] = channel;
    philox(words, key);
    return noise.mean + noise.std * normal(words[0], words[1]);
  };
}

function givenValue({ grid, data }: Image): NoiseValue {
  const [nx, ny, nz = 1] = grid.size;
  return (x, y, z, channel) => data[x + nx * (y + ny * (z + nz * channel))];
}
