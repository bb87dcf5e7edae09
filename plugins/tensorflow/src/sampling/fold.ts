import { type BoundaryKind, type Extension, extensionOf } from '@voxhost/sdk';
import type { Column, Tensorflow } from '../start/tensorflow.js';
import { modulo } from './place.js';

/** After how many voxels the image and all that a boundary sets beside it come again, and SciPy's `wrap` too. */
export function periodOf(boundary: BoundaryKind, n: number): number {
  if (boundary === 'wrap') return Math.max(1, n - 1);
  // Twice the axis, or an even number of voxels less: where nothing comes again any period is far enough out.
  return extensionOf(boundary, false) === 'mirror' ? Math.max(1, 2 * n - 2) : 2 * n;
}

/** The sample, from 0 to n - 1, that stands at each whole index; for `fill` any where there is none. */
export function foldIndex(tf: Tensorflow, index: Column, n: number, extension: Extension): Column {
  switch (extension) {
    case 'clamp':
    case 'fill':
      return tf.clipByValue(index, 0, n - 1);
    case 'periodic':
      return modulo(tf, index, n);
    case 'reflect':
      return turned(tf, modulo(tf, index, 2 * n), n, 2 * n - 1);
    case 'mirror': {
      const period = Math.max(1, 2 * n - 2);
      return turned(tf, modulo(tf, index, period), n, period);
    }
    default:
      return extension satisfies never;
  }
}

const turned = (tf: Tensorflow, index: Column, n: number, total: number): Column =>
  tf.where(tf.less(index, n), index, tf.sub(total, index));

/** 1 at indices that have a sample, else 0. */
export const isSample = (tf: Tensorflow, index: Column, n: number): Column =>
  tf.logicalAnd(tf.greaterEqual(index, 0), tf.less(index, n));
