import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { badArgument } from '../bad-argument.js';
import { mindModel } from '../mind/mind-model.js';
import { decodeModel } from '../onnx/decode.js';
import { encodeModel } from '../onnx/encode.js';
import type { Model } from '../onnx/model.js';
import type { ModelSource } from '../options/options.js';
import { NO_SIDE_CAR, parseSideCar, type SideCar } from './side-car.js';

/** A model and what is said about it. */
export interface ReadModel {
  /** For messages. */
  readonly name: string;
  readonly model: Model;
  readonly bytes: Uint8Array;
  readonly sideCar: SideCar;
}

/** Key of a side-car in the graph's own metadata. */
const METADATA_KEY = 'voxhost.impact';

/**
 * Generates or reads a model. Throws `BAD_ARGUMENT` for a file that is missing, broken, or not the one its
 * side-car describes.
 *
 * @param dimension - of a generated model
 */
export async function readModel(source: ModelSource, dimension: 2 | 3): Promise<ReadModel> {
  if (source.kind === 'mind') {
    const model = mindModel({ ...source, dimension });
    const name = `mind-r${source.radius}d${source.dilation}`;
    return { name, model, bytes: encodeModel(model), sideCar: { ...NO_SIDE_CAR, dimension } };
  }
  const { path } = source;
  const bytes = await readFile(path).catch((error: unknown) => {
    throw badArgument('model', `"${path}" cannot be read: ${messageOf(error)}`, error);
  });
  const model = decodeModel(bytes, path);
  const sideCar = await readSideCar(path, model);
  const digest = createHash('sha256').update(bytes).digest('hex');
  if (sideCar.sha256 !== undefined && sideCar.sha256 !== digest) {
    throw badArgument(
      'model',
      `"${path}" has sha256 ${digest}, its side-car says ${sideCar.sha256}`,
    );
  }
  return { name: path, model, bytes, sideCar };
}

async function readSideCar(path: string, model: Model): Promise<SideCar> {
  const beside = `${path.replace(/\.onnx$/i, '')}.json`;
  try {
    return parseSideCar(await readFile(beside, 'utf8'), beside);
  } catch (error) {
    if ((error as { code?: unknown }).code !== 'ENOENT') throw error;
  }
  const inside = model.metadata.get(METADATA_KEY);
  return inside === undefined ? NO_SIDE_CAR : parseSideCar(inside, `${path}: ${METADATA_KEY}`);
}

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : `${error}`);
