import type { Image } from '@voxhost/sdk';
import type { Layer } from '../combine.js';
import { type Basis, principalBasis, project } from './pca.js';
import type { Volume } from './volume.js';

/** Both maps in the fixed map's principal directions, or as they are. */
export function reducedMaps({ pca }: Layer, fixed: Image, moving: Image): readonly [Image, Image] {
  if (pca === 0) return [fixed, moving];
  const basis = principalBasis(volumeOf(fixed), pca);
  return [inBasis(fixed, basis), inBasis(moving, basis)];
}

const volumeOf = ({ grid, channels, data }: Image): Volume => ({
  channels,
  size: [...grid.size].reverse(),
  data: data as Float32Array,
});

function inBasis(image: Image, basis: Basis): Image {
  const { data } = project(volumeOf(image), basis);
  return { ...image, channels: basis.components, data };
}
