import type { Image } from '@voxhost/sdk';
import type { VolumeHeader } from './volume-header.js';

/** An image and what its file says beyond it. */
export interface Volume {
  readonly image: Image;
  readonly header: VolumeHeader;
}
