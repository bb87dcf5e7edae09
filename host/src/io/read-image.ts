import { createImage, type Image, type Pixels, pixelTypeFacts } from '@voxhost/sdk';
import { count, requireArgument } from '@voxhost/sdk/arguments';
import { withProgress } from '../progress.js';
import { atPath, faultIn } from './bad-file.js';
import type { ByteSource } from './byte-source.js';
import { isDicomPath, readSeries } from './dicom/read-series.js';
import type { HeaderOptions } from './format.js';
import { requireReading } from './io-rules.js';
import { machineMemory } from './machine-memory.js';
import { openVolume } from './open-volume.js';
import { type ReadOptions, readPixels, roomOf } from './read-pixels.js';
import { naturalPixelType } from './stored-type.js';
import type { Volume } from './volume.js';
import { storedCount, storedLength, type VolumeHeader } from './volume-header.js';

/** Which volumes of a 4-D file to read, so that one larger than memory can be worked on group by group. */
export interface FrameOptions {
  /** All when absent. */
  readonly frames?: { readonly start: number; readonly count: number };
}

/** Reads a volume. Throws BAD_FILE naming path, field and remedy; an abort rejects with the signal's reason. */
export async function readImage(
  path: string,
  options: ReadOptions & FrameOptions = {},
): Promise<Image> {
  return (await readVolume(path, options)).image;
}

/**
 * Reads a volume with its header: how many frames it has and, with `shear: 'keep'`, its true affine.
 * Channels are frames × components, components fastest.
 */
export async function readVolume(
  path: string,
  options: ReadOptions & Pick<HeaderOptions, 'shear'> & FrameOptions = {},
): Promise<Volume> {
  requireReading(path, options);
  options.signal?.throwIfAborted();
  return withProgress(options, (guarded) => readWhole(path, guarded));
}

async function readWhole(
  path: string,
  options: ReadOptions & Pick<HeaderOptions, 'shear'> & FrameOptions,
): Promise<Volume> {
  return atPath(path, async () => {
    if (await isDicomPath(path)) return readSeries(path, options);
    const volume = await openVolume(path, options);
    try {
      const { header, skip, isEnd } = chosenFrames(volume.header, options.frames);
      assertFits(header, options);
      const pixels = await volume.pixels(skip === 0 ? roomOf(header, options) : undefined);
      await pixels.skip(skip);
      const data = await readPixels(pixels, header, options);
      if (volume.inflated && isEnd) await assertEnds(pixels);
      const { grid, frames, components } = header;
      const image = createImage(grid, inFrames(data, header), frames * components);
      return { image, header: volume.header };
    } finally {
      await volume.close();
    }
  });
}

/** NIfTI keeps the frames of a component together; here the components of a frame are. */
function inFrames(data: Pixels, { components, frames, interleaved }: VolumeHeader): Pixels {
  if (interleaved || components === 1 || frames === 1) return data;
  const out = data.slice();
  const length = data.length / (components * frames);
  for (let plane = 0; plane < components * frames; plane++) {
    const [component, frame] = [Math.floor(plane / frames), plane % frames];
    const from = data.subarray(plane * length, (plane + 1) * length);
    out.set(from, (frame * components + component) * length);
  }
  return out;
}

/** The header of the chosen frames alone, and how many bytes of pixels come before them. */
function chosenFrames(
  header: VolumeHeader,
  frames: FrameOptions['frames'],
): { readonly header: VolumeHeader; readonly skip: number; readonly isEnd: boolean } {
  if (frames === undefined) return { header, skip: 0, isEnd: true };
  const { start, count } = frames;
  const end = start + count;
  if (
    !(Number.isInteger(start) && Number.isInteger(count) && start >= 0 && count >= 1) ||
    end > header.frames
  ) {
    throw faultIn(
      'frames',
      `are ${header.frames}, not ${start} to ${end}`,
      'ask for those there are',
    );
  }
  if (header.components > 1 && !header.interleaved && header.frames > 1) {
    throw faultIn('dim', 'has frames inside components', 'read it whole');
  }
  const perFrame = storedLength(header) / header.frames;
  return {
    header: { ...header, frames: count },
    skip: start * perFrame,
    isEnd: end === header.frames,
  };
}

/** Frames one after the other, each group read when it is asked for, from a file that is opened once. */
export interface FrameGroup {
  /** Its frames are channels. */
  readonly image: Image;
  /** Number of the first. */
  readonly start: number;
}

/**
 * Reads a 4-D file of one component in groups of at most `most` frames, so that it need not fit into memory. Throws
 * as `readVolume`.
 */
export async function* readFrameGroups(
  path: string,
  most: number,
  options: ReadOptions & Pick<HeaderOptions, 'shear'> = {},
): AsyncGenerator<FrameGroup> {
  requireReading(path, options);
  requireArgument('most', most, count);
  const volume = await atPath(path, () => openVolume(path, options));
  try {
    const { header, inflated } = volume;
    const pixels = await atPath(path, () => volume.pixels());
    for (let start = 0; start < header.frames; start += most) {
      const frames = Math.min(most, header.frames - start);
      const group = chosenFrames(header, { start, count: frames });
      const image = await atPath(path, async () => {
        assertFits(group.header, options);
        const data = await readPixels(pixels, group.header, options);
        if (inflated && group.isEnd) await assertEnds(pixels);
        return createImage(header.grid, data, frames * header.components);
      });
      yield { image, start };
    }
  } finally {
    await volume.close();
  }
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

/** Most bytes that may follow the pixels inside a compressed stream: padding, never another volume. */
const LONGEST_TAIL = 1 << 20;

/** Reads what follows the pixels, so that the checksum at the end is verified; refuses a tail without end. */
async function assertEnds(pixels: ByteSource): Promise<void> {
  const scratch = new Uint8Array(1 << 16);
  for (let length = 0; length <= LONGEST_TAIL; ) {
    const more = await pixels.read(scratch);
    if (more === 0) return;
    length += more;
  }
  throw faultIn('compressed data', 'goes on after the pixels that the header promises');
}
