import { createGrid, createImage, type Image } from '@voxhost/sdk';

/**
 * Waves of ±300 about 500 with up to 50 of seeded noise.
 *
 * @param phase - of the waves along x, radians
 */
export function noisyWaves(n: number, phase = 0): Image {
  const data = new Float32Array(n ** 3);
  const w = (2 * Math.PI) / n;
  let state = 7;
  let at = 0;
  for (let z = 0; z < n; z++) {
    for (let y = 0; y < n; y++) {
      const slow = 300 * Math.cos(2 * w * y) * Math.sin(4 * w * z + 1);
      for (let x = 0; x < n; x++) {
        state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
        data[at++] = 500 + slow * Math.sin(3 * w * x + phase) + (50 * state) / 2 ** 32;
      }
    }
  }
  return createImage(createGrid({ size: [n, n, n] }), data);
}
