import { own } from '../../own.js';
import { assertNotSheared, placeGrid } from '../affine-grid.js';
import { faultIn } from '../bad-file.js';
import type { HeaderOptions } from '../format.js';
import {
  isList,
  LARGEST_LIST,
  nameFromLatin1,
  numbersOf,
  patternNames,
  type TextFields,
  textFields,
  words,
} from '../text-header.js';
import { assertSizes, type PixelPlace, type VolumeHeader } from '../volume-header.js';
import { roleAxes } from './axes.js';
import { storedOf } from './types.js';

/** Reads a NRRD header, the front of a .nrrd or all of a .nhdr. Throws its fault. */
export function parseNrrd(bytes: Uint8Array, options: HeaderOptions): VolumeHeader {
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('latin1');
  const { values, end, list } = readLines(text);
  const fields = textFields(values);
  const dimension = numbersOf('dimension', fields.required('dimension'), 1)[0];
  if (!(Number.isInteger(dimension) && dimension >= 1 && dimension <= 16)) {
    throw faultIn('dimension', `is ${dimension}, not 1 to 16`);
  }
  const sizes = numbersOf('sizes', fields.required('sizes'), dimension);
  assertSizes('sizes', sizes);
  const axes = roleAxes(fields, sizes);
  const placed = placeGrid(axes.size, axes.affine, 'space directions');
  if (options.shear !== 'keep') assertNotSheared(placed.sheared, 'space directions');
  const { stored, bytes: width } = storedOf(fields.required('type'));
  return {
    format: 'NRRD',
    ...placed,
    components: axes.components,
    frames: axes.frames,
    frameSpacing: axes.frameSpacing,
    stored,
    littleEndian: width === 1 || isLittle(fields.required('endian')),
    interleaved: axes.components > 1,
    scale: undefined,
    rasVectors: false,
    place: placeOf(fields, end, list),
    compressed: isCompressed(fields.required('encoding')),
  };
}

interface Lines {
  readonly values: ReadonlyMap<string, string>;
  /** Offset after the blank line that ends the header. */
  readonly end: number;
  /** Lines after `data file: LIST`. */
  readonly list: readonly string[];
}

function readLines(text: string): Lines {
  if (!/^NRRD000[1-6]\s*\n/.test(text.slice(0, 32))) {
    throw faultIn(
      'magic',
      'is not NRRD0001 to NRRD0006',
      'give it the extension of its true format',
    );
  }
  const values = new Map<string, string>();
  const list: string[] = [];
  let at = text.indexOf('\n') + 1;
  while (at < text.length) {
    const stop = text.indexOf('\n', at);
    const next = stop === -1 ? text.length : stop + 1;
    const line = text.slice(at, next).trimEnd();
    at = next;
    if (line === '') return { values, end: at, list };
    if (isListed(values)) list.push(line.trim());
    else takeLine(line, values);
  }
  if (values.has('data file')) return { values, end: at, list }; // a .nhdr may end without a blank line
  throw faultIn('header', 'has no blank line at its end');
}

const isListed = (values: ReadonlyMap<string, string>): boolean =>
  isList(values.get('data file') ?? '');

const SYNONYMS: { readonly [name: string]: string } = {
  datafile: 'data file',
  byteskip: 'byte skip',
  lineskip: 'line skip',
};

/** `field: value`; comments and `key:=value` pairs say nothing about the pixels. */
function takeLine(line: string, values: Map<string, string>): void {
  if (line.startsWith('#') || /^[^:]*:=/.test(line)) return;
  const match = /^([^:]+): ?(.*)$/.exec(line);
  if (match === null) throw faultIn(`line "${line.slice(0, 40)}"`, 'is not "field: value"');
  const name = match[1].trim().toLowerCase();
  values.set(own(SYNONYMS, name) ?? name, match[2].trim());
}

function isLittle(endian: string): boolean {
  if (/^little$/i.test(endian)) return true;
  if (/^big$/i.test(endian)) return false;
  throw faultIn('endian', `is "${endian.slice(0, 20)}", not little or big`);
}

function isCompressed(encoding: string): boolean {
  if (/^(gzip|gz)$/i.test(encoding)) return true;
  if (/^raw$/i.test(encoding)) return false;
  const remedy = 'write it again with encoding raw or gzip';
  throw faultIn('encoding', `"${encoding.slice(0, 20)}" is not supported`, remedy);
}

function placeOf(fields: TextFields, end: number, list: readonly string[]): PixelPlace {
  const compressed = isCompressed(fields.required('encoding'));
  const skip = skipOf(fields, compressed);
  const value = fields.text('data file');
  if (value === undefined) {
    if (compressed) return { kind: 'inline', offset: end, skipInside: skip };
    return { kind: 'inline', offset: skip < 0 ? skip : end + skip };
  }
  const names = isList(value) ? list : (patternNames(value, 'data file') ?? [value]);
  if (names.length < 1 || names.length > LARGEST_LIST || names.includes('')) {
    throw faultIn('data file', `names ${names.length} files`);
  }
  assertWholeFiles(value);
  return { kind: 'files', names: names.map(nameFromLatin1), skip };
}

/** Bytes before the pixels, of compressed ones after they are unpacked; -1 where the pixels are the end. */
function skipOf(fields: TextFields, compressed: boolean): number {
  const lines = numbersOf('line skip', fields.text('line skip') ?? '0', 1)[0];
  if (lines !== 0) throw faultIn('line skip', `is ${lines}`, 'write the pixels without a header');
  const skip = numbersOf('byte skip', fields.text('byte skip') ?? '0', 1)[0];
  if (!Number.isSafeInteger(skip) || skip < -1) throw faultIn('byte skip', `is ${skip}`);
  if (skip < 0 && compressed) throw faultIn('byte skip', 'is -1 where the pixels are compressed');
  return skip;
}

/** `LIST 2` and a fifth word of a pattern: files of other dimensions, whose order is the same for whole slices. */
function assertWholeFiles(value: string): void {
  if (isList(value) && words(value).length > 2) throw faultIn('data file', 'has words after LIST');
}
