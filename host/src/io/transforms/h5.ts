import { readFile } from 'node:fs/promises';
import { FaultError, faultIn } from '../bad-file.js';
import { runWithLibrary } from '../library-worker.js';
import type { ItkRecord } from './itk-codec.js';

/** The members of h5wasm that are used here (https://github.com/usnistgov/h5wasm). */
interface H5Library {
  readonly ready: Promise<{
    readonly FS: {
      writeFile(path: string, bytes: Uint8Array): void;
      readFile(path: string): Uint8Array;
    };
  }>;
  readonly File: new (path: string, mode: 'r' | 'w') => H5File;
}
interface H5Node {
  keys?(): string[];
  get?(name: string): H5Node | null;
  readonly value?: unknown;
  create_group?(name: string): H5Node;
  create_dataset?(options: { name: string; data: unknown; shape?: number[]; dtype?: string }): void;
}
interface H5File
  extends Required<Pick<H5Node, 'keys' | 'get' | 'create_group' | 'create_dataset'>> {
  close(): void;
}

const SIGNATURE = Buffer.from('\x89HDF\r\n\x1a\n', 'latin1');

/** HDF5's own limit of where its signature may begin is 0, 512, 1024, ...; ITK's is 0. */
export const isHdf5 = (bytes: Uint8Array): boolean =>
  SIGNATURE.equals(bytes.subarray(0, SIGNATURE.length));

/** Largest file that is given to the library, which holds it several times over. */
const LARGEST = 1 << 30;

/** Reads the transforms of ITK's HDF5 form. Runs in a worker with h5wasm. Throws its fault. */
export async function readH5(path: string, signal?: AbortSignal): Promise<ItkRecord[]> {
  const bytes = await readFile(path, { signal });
  if (!isHdf5(bytes)) throw faultIn('signature', 'is not that of HDF5');
  if (bytes.length > LARGEST) throw faultIn('file', `has ${bytes.length} bytes`);
  const found = await runWithLibrary({ library: H5WASM, task: readTask, input: bytes, signal });
  if (typeof found === 'string')
    throw new FaultError({ field: 'TransformGroup', reason: found, remedy: REMEDY });
  return found;
}

const H5WASM = 'h5wasm';
const REMEDY = 'save the transform again with ITK or Slicer';

/** ITK ≤ 4.10 wrote "Tranform"; groups are numbered, which is not the order of their names. */
async function readTask(h5: H5Library, bytes: Uint8Array): Promise<ItkRecord[] | string> {
  const { FS } = await h5.ready;
  FS.writeFile('/transform.h5', bytes);
  const file = new h5.File('/transform.h5', 'r');
  const group = file.get('TransformGroup');
  if (!group?.keys || !group.get) return 'is missing: this file has no transform';
  const records: ItkRecord[] = [];
  for (const key of group.keys().sort((a, b) => Number(a) - Number(b))) {
    const member = group.get(key);
    const value = (...names: string[]) => {
      for (const name of names) {
        const found = member?.get?.(name)?.value;
        if (found !== undefined) return found;
      }
      return undefined;
    };
    const type = value('TransformType');
    const name = Array.isArray(type) ? type[0] : type;
    if (typeof name !== 'string') return `has no TransformType in member ${key}`;
    const numbers = (found: unknown) =>
      found instanceof Float64Array || found instanceof Float32Array
        ? Float64Array.from(found)
        : [];
    records.push({
      type: name,
      parameters: numbers(value('TransformParameters', 'TranformParameters')),
      fixed: numbers(value('TransformFixedParameters', 'TranformFixedParameters')),
    });
  }
  return records;
}

/** The bytes of ITK's HDF5 form. Runs in a worker with h5wasm. */
export async function encodeH5(records: readonly ItkRecord[]): Promise<Uint8Array> {
  const input = records.map(({ type, parameters, fixed }) => ({
    type,
    parameters: Float64Array.from(parameters),
    fixed: Float64Array.from(fixed),
  }));
  return runWithLibrary({ library: H5WASM, task: writeTask, input });
}

async function writeTask(
  h5: H5Library,
  records: readonly { type: string; parameters: Float64Array; fixed: Float64Array }[],
): Promise<Uint8Array> {
  const { FS } = await h5.ready;
  const ASCII = 'A'; // of any length; ITK cannot read UTF-8
  const file = new h5.File('/transform.h5', 'w');
  file.create_dataset({ name: 'ITKVersion', data: ['5.2.1'], dtype: ASCII });
  const group = file.create_group('TransformGroup');
  for (const [n, { type, parameters, fixed }] of records.entries()) {
    const member = group.create_group?.(String(n));
    member?.create_dataset?.({ name: 'TransformType', data: [type], dtype: ASCII });
    if (type.startsWith('CompositeTransform')) continue;
    member?.create_dataset?.({ name: 'TransformFixedParameters', data: fixed });
    member?.create_dataset?.({ name: 'TransformParameters', data: parameters });
  }
  file.close();
  return FS.readFile('/transform.h5');
}
