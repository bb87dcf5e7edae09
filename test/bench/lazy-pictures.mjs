// Volumes for the two pictures of host/README.md: the phantom turned full circle in twelve steps, lazily and eagerly.
// `node test/bench/lazy-pictures.mjs FOLDER`, then `voxhost picture` as it prints.
import { join } from 'node:path';
import { createImage } from '@voxhost/sdk';
import { createHost } from 'voxhost';
import { headPhantom, writeImage } from 'voxhost/io';
import { compose, rotate, spacing, spatialPad } from 'voxhost/lazy';

const folder = process.argv[2] ?? '.';
const at = (name) => join(folder, `${name}.nii.gz`);
const host = await createHost();
// Room around the head, so that no turn cuts anything off.
const finer = compose([
  spacing({ pixdim: [2, 2, 2] }),
  spatialPad({ spatial_size: [130, 130, 104], mode: 'edge' }),
]);
const { image: before } = await finer.run(host, headPhantom(), { pixelType: 'float32' });
const turn = rotate({ angle: [0, 0, Math.PI / 6], mode: 'bilinear', padding_mode: 'border' });
const results = {};
for (const lazy of [true, false]) {
  const { image } = await compose(Array(12).fill(turn), { lazy }).run(host, before);
  results[lazy ? 'lazy' : 'eager'] = image;
}
await host.close();
const difference = (image) =>
  createImage(
    before.grid,
    image.data.map((v, i) => v - before.data[i]),
  );
await writeImage(before, at('before'));
for (const [name, image] of Object.entries(results)) {
  await writeImage(image, at(name));
  await writeImage(difference(image), at(`${name}-difference`));
}
console.log(
  `voxhost picture ${at('before')} ${at('lazy')} ${at('eager')} host/docs/full-circle.png --edge 160`,
);
console.log(
  `voxhost picture ${at('lazy-difference')} ${at('eager-difference')} host/docs/full-circle-loss.png --window=-300,300 --edge 160`,
);
