import { createHash } from 'node:crypto';
import { type Json, type Lattice, voxelCount } from '@voxhost/sdk';
import { scaling } from '../lazy/matrices.js';
import type { DefinedTransform } from '../lazy/transform.js';
import { sizeOf } from '../lazy/viewport.js';
import { bad, declare, defined, type SamplingParams } from './define.js';
import { displaced } from './field-params.js';

/** A lattice as JSON holds it. */
export type LatticeRecord = {
  readonly size: readonly number[];
  readonly order: 1 | 3;
  readonly outside: 'zero' | 'buffer' | 'edge';
  readonly pixelType: 'float32' | 'float64';
  /** Little-endian, base64. */
  readonly data: string;
};

export type DisplacementFieldParams = SamplingParams & {
  /**
   * Displacements in voxels of the image as it stands here, x -> x + u(x). Its points are spread so that
   * the first and last of each axis lie on the first and last voxel, unless there is one for each voxel.
   */
  readonly field: Lattice | LatticeRecord;
};

/** Samples at x + u(x). */
export function displacementField(params: DisplacementFieldParams): DefinedTransform {
  const lattice =
    typeof params.field.data === 'string'
      ? decode(params.field as LatticeRecord)
      : (params.field as Lattice);
  requireLattice(lattice);
  const { field: _, ...modes } = params;
  // Written out only when a trace is: the voxels themselves stay where they are.
  const field = { toJSON: () => encode(lattice), ...lattice } as unknown as Json;
  const transform = defined('DisplacementField', { ...modes, field }, (viewport) => {
    const size = sizeOf(viewport);
    if (lattice.size.length !== size.length) {
      throw bad(
        'field',
        `has ${lattice.size.length} dimensions where the image has ${size.length}`,
      );
    }
    const factors = size.map((n, a) => (n > 1 ? (lattice.size[a] - 1) / (n - 1) : 0));
    const identity = {
      map: scaling(
        size.map(() => 1),
        size.map(() => 0),
      ),
      extent: viewport.extent,
    };
    const lookup = scaling(
      factors,
      factors.map(() => 0),
    ).matrix;
    const sampling = declare(params, { mode: 'bilinear', padding: 'border' });
    return [displaced(viewport, identity, lattice, { sampling, lookup })];
  });
  return Object.freeze({ ...transform, content: digestOf(lattice, modes) });
}

function requireLattice({ size, data }: Lattice): void {
  const wanted = voxelCount(size) * size.length;
  if (data.length === wanted) return;
  throw bad('field', `has ${data.length} numbers where [${size}] points need ${wanted}`);
}

/** Stands for the voxels where content is compared. */
function digestOf({ size, order, outside, data }: Lattice, modes: Json): string {
  const bytes = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
  const voxels = createHash('sha256').update(bytes).digest('hex');
  return JSON.stringify([size, order, outside, voxels, modes]);
}

function encode({ size, order, outside, data }: Lattice): LatticeRecord {
  const bytes = Buffer.from(data.buffer, data.byteOffset, data.byteLength);
  const pixelType = data.BYTES_PER_ELEMENT === 4 ? 'float32' : 'float64';
  return { size, order, outside, pixelType, data: bytes.toString('base64') };
}

function decode({ size, order, outside, pixelType, data }: LatticeRecord): Lattice {
  const bytes = Uint8Array.from(Buffer.from(data, 'base64')).buffer;
  const numbers = pixelType === 'float32' ? new Float32Array(bytes) : new Float64Array(bytes);
  return { size, order, outside, data: numbers };
}
