import { readFile, stat } from 'node:fs/promises';
import { type FaultError, faultIn } from '../bad-file.js';
import { readNumbers, readText } from '../hdf5/dataset.js';
import { encodeHdf5, type Hdf5Node } from '../hdf5/encode.js';
import { type Links, readLinks } from '../hdf5/links.js';
import { rootAddress } from '../hdf5/superblock.js';
import type { ItkRecord } from './itk-codec.js';

/** Largest file that is read, whole: a displacement field of 350^3. */
const LARGEST = 1 << 30;

/** Reads the transforms of ITK's HDF5 form. Throws its fault; an abort rejects with the signal's reason. */
export async function readH5(path: string, signal?: AbortSignal): Promise<ItkRecord[]> {
  const facts = await stat(path);
  if (!facts.isFile()) throw faultIn('path', 'is a folder or device, not a file', 'name the file');
  if (facts.size > LARGEST) throw faultIn('file', `has ${facts.size} bytes`);
  const bytes = await readFile(path);
  signal?.throwIfAborted();
  const records = await parseH5(bytes);
  signal?.throwIfAborted();
  return records;
}

/** Most numbers of all transforms: members of a broken file may share theirs. */
const MOST_NUMBERS = 2 ** 28;

/** The records in the bytes of a file. Throws its fault. */
export async function parseH5(bytes: Uint8Array): Promise<ItkRecord[]> {
  const at = readLinks(bytes, rootAddress(bytes)).get('TransformGroup');
  if (at === undefined) throw faultOf('is missing: this file has no transform');
  const group = readLinks(bytes, at);
  const numbered = [...group].sort(([a], [b]) => Number(a) - Number(b)); // names sort 10 before 2
  const records: ItkRecord[] = [];
  let numbers = 0;
  for (const [key, member] of numbered) {
    records.push(await recordOf(bytes, readLinks(bytes, member), key));
    numbers += records[records.length - 1].parameters.length;
    if (numbers > MOST_NUMBERS) throw faultOf(`has more than ${MOST_NUMBERS} numbers`);
  }
  return records;
}

async function recordOf(bytes: Uint8Array, member: Links, key: string): Promise<ItkRecord> {
  const type = member.get('TransformType');
  if (type === undefined) throw faultOf(`has no TransformType in member ${key}`);
  // ITK up to 4.10 wrote "Tranform"; a composite has neither.
  const numbers = async (name: string) => {
    const at = member.get(`Transform${name}`) ?? member.get(`Tranform${name}`);
    return at === undefined ? new Float64Array(0) : await readNumbers(bytes, at);
  };
  return {
    type: await readText(bytes, type),
    parameters: await numbers('Parameters'),
    fixed: await numbers('FixedParameters'),
  };
}

const faultOf = (reason: string): FaultError =>
  faultIn('TransformGroup', reason, 'save the transform again with ITK or Slicer');

/** The bytes of ITK's HDF5 form. */
export function encodeH5(records: readonly ItkRecord[]): Uint8Array {
  const members = records.map((record, n) => [String(n), memberOf(record)] as const);
  return encodeHdf5({
    kind: 'group',
    members: [
      ['ITKVersion', { kind: 'text', text: '5.2.1' }], // the form is that of this version
      ['TransformGroup', { kind: 'group', members }],
    ],
  });
}

function memberOf({ type, parameters, fixed }: ItkRecord): Hdf5Node {
  const name = ['TransformType', { kind: 'text', text: type }] as const;
  if (type.startsWith('CompositeTransform')) return { kind: 'group', members: [name] };
  const numbers = (values: ArrayLike<number>): Hdf5Node => ({
    kind: 'numbers',
    values: Float64Array.from(values),
  });
  return {
    kind: 'group',
    members: [
      name,
      ['TransformFixedParameters', numbers(fixed)],
      ['TransformParameters', numbers(parameters)],
    ],
  };
}
