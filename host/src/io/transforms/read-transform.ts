import { readFile, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { createImage, type Image, voxelCount } from '@voxhost/sdk';
import { composite, displacementField } from '../../geometry/make-transform.js';
import type { Transform } from '../../geometry/transform.js';
import { atPath, faultIn } from '../bad-file.js';
import { formatOf } from '../formats.js';
import { requireReading } from '../io-rules.js';
import { readVolume } from '../read-image.js';
import { checked } from './checked.js';
import { isElastix, parseElastix } from './elastix.js';
import { readH5 } from './h5.js';
import { decodeItk } from './itk-codec.js';
import { isMatlab, parseMatlab } from './matlab.js';
import { parseMatrixText } from './matrix-text.js';
import { isTfm, parseTfm } from './tfm.js';

/** Largest file that is read: a free-form deformation of 100^3 control points with all its digits. */
const LARGEST_FILE = 128 << 20;

/** Most initial transforms behind one another. */
const LONGEST_CHAIN = 32;

/**
 * Reads a transform: ITK .tfm, .txt, .h5 or (ANTs) .mat, an elastix TransformParameters file with its initial transforms, a
 * matrix of text, or a displacement field in any volume format (LPS, mm, a vector per voxel).
 * Throws BAD_FILE naming path, field and remedy.
 */
export async function readTransform(
  path: string,
  options: { readonly signal?: AbortSignal } = {},
): Promise<Transform> {
  requireReading(path, options);
  options.signal?.throwIfAborted();
  if (formatOf(path) !== undefined) return readField(path, options);
  return atPath(path, async () => {
    if (/\.(h5|hdf5)$/i.test(path)) return decodeItk(await readH5(path, options.signal));
    const bytes = await readBytes(path);
    if (isMatlab(bytes)) return decodeItk(parseMatlab(bytes));
    const text = bytes.toString('utf8');
    if (isTfm(text)) return decodeItk(parseTfm(text));
    if (isElastix(text)) return readChain(path, text);
    return parseMatrixText(text);
  });
}

async function readField(path: string, options: { readonly signal?: AbortSignal }) {
  const { image, header } = await readVolume(path, options);
  return atPath(path, () => {
    return checked(() => displacementField(header.rasVectors ? rasToLps(image) : image));
  });
}

/** The first two components change sign, as ITK does for NIfTI's displacement intent. */
function rasToLps(image: Image): Image {
  const data = Float64Array.from(image.data);
  const flipped = 2 * voxelCount(image.grid.size);
  for (let i = 0; i < flipped; i++) data[i] = 0 - data[i];
  return createImage(image.grid, data, image.channels);
}

async function readBytes(path: string): Promise<Buffer> {
  const facts = await stat(path);
  if (!facts.isFile()) throw faultIn('path', 'is a folder or device, not a file', 'name the file');
  if (facts.size > LARGEST_FILE)
    throw faultIn('file', `has ${facts.size} bytes, too many for a transform`);
  return await readFile(path);
}

/** An elastix transform and those before it; the LAST member of a composite is applied first. */
async function readChain(path: string, text: string): Promise<Transform> {
  const { transform, initial } = parseElastix(text);
  const members: Transform[] = [transform];
  for (let next = initial; next !== undefined; ) {
    if (members.length === LONGEST_CHAIN) throw faultIn('initial transforms', 'have no end');
    const file = beside(path, next);
    const before = await atPath(file, async () =>
      parseElastix((await readBytes(file)).toString('utf8')),
    );
    members.push(before.transform);
    next = before.initial;
  }
  return members.length === 1 ? transform : composite(members);
}

/** The initial transform lies beside the file that names it, whatever folder elastix ran in. */
const beside = (path: string, name: string): string =>
  join(dirname(path), basename(name.replaceAll('\\', '/')));
