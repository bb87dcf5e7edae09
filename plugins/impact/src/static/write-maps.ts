import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Image } from '@voxhost/sdk';
import { badArgument } from '../bad-argument.js';
import type { Layer } from '../combine.js';
import { encodePng } from '../picture/png.js';
import type { FeatureMaps } from './feature-maps.js';
import { featurePicture } from './feature-picture.js';
import { encodeMetaImage } from './meta-image.js';

interface Maps {
  readonly layers: readonly Layer[];
  readonly fixed: readonly FeatureMaps[];
  readonly moving: readonly FeatureMaps[];
  /** Fixed and moving map of each layer, as they are compared. */
  readonly reduced: readonly (readonly [Image, Image])[];
}

/**
 * Writes what the networks saw and gave, as MetaImage with the channels as components:
 * `fixed_input_0.mha` per model, `fixed_layer_0.mha` per layer, and `moving_...`; each layer also as a
 * picture, `fixed_layer_0.png`.
 */
export async function writeMaps(folder: string, { fixed, moving, reduced }: Maps): Promise<void> {
  await mkdir(folder, { recursive: true }).catch((error: Error) => {
    throw badArgument('options.featureMaps', `cannot be made: ${error.message}`, error);
  });
  const inputs = [fixed, moving].flatMap((side, s) =>
    side.map(({ input }, k) => ({ name: `${SIDES[s]}_input_${k}`, image: input })),
  );
  const maps = reduced.flatMap((pair, l) =>
    pair.map((image, s) => ({ name: `${SIDES[s]}_layer_${l}`, image })),
  );
  for (const { name, image } of [...inputs, ...maps]) {
    await write(join(folder, `${name}.mha`), encodeMetaImage(image));
  }
  for (const { name, image } of maps) {
    await write(join(folder, `${name}.png`), encodePng(featurePicture(image)));
  }
}

const write = (path: string, bytes: Uint8Array): Promise<void> =>
  writeFile(path, bytes).catch((error: Error) => {
    throw badArgument('options.featureMaps', `cannot take ${path}: ${error.message}`, error);
  });

const SIDES = ['fixed', 'moving'] as const;
