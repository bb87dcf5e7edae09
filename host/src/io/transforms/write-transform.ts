import { createImage } from '@voxhost/sdk';
import { HostError } from '../../errors.js';
import {
  type DisplacementFieldTransform,
  dimensionsOf,
  type Transform,
} from '../../geometry/transform.js';
import { requireTransform } from '../../geometry/transform-problem.js';
import { assertPlace, writeAtomically } from '../atomic-file.js';
import { formatOf } from '../formats.js';
import { requireWriting } from '../io-rules.js';
import { writeImage } from '../write-image.js';
import { encodeH5 } from './h5.js';
import { encodeItk } from './itk-codec.js';
import { encodeTfm } from './tfm.js';

/**
 * Writes a transform: ITK's text for .tfm and .txt, ITK's HDF5 for .h5; a displacement field alone also as a
 * volume of vectors. Whole or not at all. Throws CANNOT_WRITE.
 */
export async function writeTransform(transform: Transform, path: string): Promise<void> {
  requireWriting(path, {});
  requireTransform(transform);
  if (formatOf(path) !== undefined) return writeField(transform, path);
  if (!/\.(tfm|txt|h5)$/i.test(path)) {
    const remedy = 'use .tfm, .txt or .h5, or a volume for a displacement field';
    const reason = 'its extension is of no known transform';
    throw new HostError('CANNOT_WRITE', { path, reason, remedy });
  }
  await assertPlace(path);
  const records = encodeItk(transform);
  const content = /\.h5$/i.test(path) ? encodeH5(records) : encodeTfm(records);
  await writeAtomically([{ path, write: (handle) => handle.writeFile(content) }]);
}

async function writeField(transform: Transform, path: string): Promise<void> {
  const field = asField(transform);
  if (field === undefined) {
    const remedy = 'write it as .tfm or .h5';
    const reason = `a volume holds no ${transform.kind} transform`;
    throw new HostError('CANNOT_WRITE', { path, reason, remedy });
  }
  const image = createImage(field.grid, field.parameters, dimensionsOf(field));
  await writeImage(image, path, { channelsAs: 'components' });
}

function asField(transform: Transform): DisplacementFieldTransform | undefined {
  if (transform.kind === 'displacement-field') return transform;
  if (transform.kind !== 'composite' || transform.members.length !== 1) return undefined;
  const [only] = transform.members;
  return only.kind === 'displacement-field' ? only : undefined;
}
