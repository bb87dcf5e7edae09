import { allocatePixels, type Pixels, type PixelType, pixelTypeOf } from '@voxhost/sdk';
import { outputLength } from './output-length.js';
import type { Server } from './served-operations.js';

/** Bytes that are kept: some parts of a run that is asked for part by part. */
const MOST_BYTES = 32 * 2 ** 20;

/** Buffers for results that are of no use once they were sent: new memory costs as much as filling it. */
export class OutputPool {
  readonly #idle: Pixels[] = [];
  #bytes = 0;

  /** Content undefined. */
  take(pixelType: PixelType, length: number): Pixels {
    const fits = (pixels: Pixels) => pixels.length === length && pixelTypeOf(pixels) === pixelType;
    const at = this.#idle.findIndex(fits);
    if (at < 0) return allocatePixels(pixelType, length);
    const [found] = this.#idle.splice(at, 1);
    this.#bytes -= found.byteLength;
    return found;
  }

  /** Of what nobody uses any more; the oldest go where there are too many. */
  giveBack(pixels: Pixels): void {
    this.#idle.push(pixels);
    this.#bytes += pixels.byteLength;
    while (this.#bytes > MOST_BYTES) this.#bytes -= this.#idle.shift()?.byteLength ?? 0;
  }
}

/** Resamples into buffers that are used again once their content was sent. */
export const lending =
  (pool: OutputPool): Server['resample'] =>
  async (prepared, operation, { map, run }) => {
    const into = pool.take(operation.pixelType, outputLength(operation, run));
    const { data } = await prepared.run(map, { ...run, into });
    return { data, sent: () => pool.giveBack(into) };
  };
