import { totalmem } from 'node:os';
import { createImage, type Image, pixelTypeFacts } from '@voxhost/sdk';
import { atPath, faultIn } from './bad-file.js';
import { isDicomPath, readSeries } from './dicom/read-series.js';
import type { HeaderOptions } from './format.js';
import { type OpenVolume, openVolume } from './open-volume.js';
import { type ReadOptions, readPixels } from './read-pixels.js';
import { naturalPixelType } from './stored-type.js';
import { storedCount, type VolumeHeader } from './volume-header.js';

/** An image and what its file says beyond it. */
export interface Volume {
  readonly image: Image;
  readonly header: VolumeHeader;
}

/** Reads a volume. Throws BAD_FILE naming path, field and remedy; an abort rejects with the signal's reason. */
export async function readImage(path: string, options: ReadOptions = {}): Promise<Image> {
  return (await readVolume(path, options)).image;
}

/**
 * Reads a volume with its header: how many frames it has and, with `shear: 'keep'`, its true affine.
 * Channels are frames × components, components fastest.
 */
export async function readVolume(
  path: string,
  options: ReadOptions & Pick<HeaderOptions, 'shear'> = {},
): Promise<Volume> {
  options.signal?.throwIfAborted();
  return atPath(path, async () => {
    if (await isDicomPath(path)) return readSeries(path, options);
    const volume = await openVolume(path, options);
    try {
      assertFits(volume.header, options);
      const data = await readPixels(volume.pixels, volume.header, options);
      if (volume.inflated) await assertEnds(volume);
      const { grid, frames, components } = volume.header;
      return { image: createImage(grid, data, frames * components), header: volume.header };
    } finally {
      await volume.close();
    }
  });
}

/** Refuses, before it is allocated, what this machine cannot hold. */
function assertFits(header: VolumeHeader, options: ReadOptions): void {
  const pixelType = options.pixelType ?? naturalPixelType(header.stored, header.scale);
  const needed = storedCount(header) * pixelTypeFacts(pixelType).bytes;
  const most = options.maxBytes ?? machineMemory();
  if (needed <= most) return;
  const reason = `[${header.grid.size}] needs ${needed} bytes of memory where there are ${most}`;
  throw faultIn('size', reason, 'crop or resample it on a larger machine');
}

/** Bytes that this machine, or the container around us, has. */
function machineMemory(): number {
  const limit = process.constrainedMemory?.() ?? 0; // 0 or enormous where there is none
  return limit > 0 ? Math.min(limit, totalmem()) : totalmem();
}

/** Most bytes that may follow the pixels inside a compressed stream: padding, never another volume. */
const LONGEST_TAIL = 1 << 20;

/** Reads what follows the pixels, so that the checksum at the end is verified; refuses a tail without end. */
async function assertEnds({ pixels }: OpenVolume): Promise<void> {
  const scratch = new Uint8Array(1 << 16);
  for (let length = 0; length <= LONGEST_TAIL; ) {
    const more = await pixels.read(scratch);
    if (more === 0) return;
    length += more;
  }
  throw faultIn('compressed data', 'goes on after the pixels that the header promises');
}
