import { own } from '../../own.js';
import { assertNotSheared, placeGrid } from '../affine-grid.js';
import { faultIn } from '../bad-file.js';
import { plainAxes } from '../extra-axis.js';
import type { HeaderOptions } from '../format.js';
import {
  isList,
  LARGEST_LIST,
  nameFromLatin1,
  numbersOf,
  patternNames,
  type TextFields,
  textFields,
} from '../text-header.js';
import {
  assertSizes,
  assertSpacings,
  type PixelPlace,
  type VolumeHeader,
} from '../volume-header.js';
import { ELEMENT_TYPES } from './element-types.js';

/** Reads a MetaImage header, the front of a .mha or all of a .mhd. Throws its fault. */
export function parseMetaImage(bytes: Uint8Array, options: HeaderOptions): VolumeHeader {
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('latin1');
  const { values, end } = readLines(text);
  const fields = textFields(values);
  assertImage(fields);
  const axes = numbersOf('NDims', fields.required('NDims'), 1)[0];
  if (![2, 3, 4].includes(axes)) throw faultIn('NDims', `is ${axes}, not 2, 3 or 4`);
  const sizes = numbersOf('DimSize', fields.required('DimSize'), axes);
  assertSizes('DimSize', sizes);
  const { affine, frameSpacing } = geometry(fields, axes);
  const size = sizes.slice(0, 3);
  const placed = placeGrid(size, affine, 'TransformMatrix');
  if (options.shear !== 'keep') assertNotSheared(placed.sheared, 'TransformMatrix');
  const components = channelsOf(fields);
  return {
    format: 'MetaImage',
    ...placed,
    components,
    frames: sizes[3] ?? 1,
    frameSpacing,
    stored: storedOf(fields.required('ElementType')),
    littleEndian: !isTrue(fields.text('BinaryDataByteOrderMSB', 'ElementByteOrderMSB')),
    interleaved: components > 1,
    scale: undefined,
    rasVectors: false,
    place: placeOf(fields, end, text),
    compressed: isTrue(fields.text('CompressedData')),
  };
}

/** MetaIO takes a colon for an equals sign. */
const LINE = /^\s*([A-Za-z]\w*)\s*[=:]\s*(.*?)\s*$/;

/** The lines up to ElementDataFile, which is the last, and the offset after it. */
function readLines(text: string): { values: Map<string, string>; end: number } {
  const values = new Map<string, string>();
  let at = 0;
  for (let number = 1; at < text.length; number++) {
    const stop = text.indexOf('\n', at);
    const next = stop === -1 ? text.length : stop + 1;
    const line = text.slice(at, next);
    at = next;
    if (line.trim() === '') continue;
    const match = LINE.exec(line);
    if (match === null) throw faultIn(`line ${number}`, 'is not "Key = Value": no MetaImage');
    values.set(match[1], match[2]);
    if (match[1] === 'ElementDataFile') return { values, end: at };
  }
  throw faultIn('ElementDataFile', 'is missing: the header has no end');
}

function assertImage(fields: TextFields): void {
  const type = fields.text('ObjectType') ?? 'Image';
  if (type !== 'Image') throw faultIn('ObjectType', `is "${type.slice(0, 40)}", not Image`);
  const binary = fields.text('BinaryData');
  if (binary === undefined || isTrue(binary)) return;
  throw faultIn('BinaryData', 'is False', 'write the pixels as binary data');
}

const isTrue = (value: string | undefined): boolean => /^(true|t|1)/i.test(value ?? '');

/** Row a of TransformMatrix is the direction of axis a: the transpose of our direction. */
function geometry(
  fields: TextFields,
  axes: number,
): { affine: Float64Array; frameSpacing: number } {
  const list = (fallback: readonly number[], ...names: string[]): readonly number[] => {
    const value = fields.text(...names);
    return value === undefined ? fallback : numbersOf(names[0], value, fallback.length);
  };
  const ones = Array<number>(axes).fill(1);
  const spacing = list(ones, 'ElementSpacing', 'ElementSize');
  assertSpacings('ElementSpacing', spacing);
  const origin = list(
    ones.map(() => 0),
    'Offset',
    'Position',
    'Origin',
  );
  const square = ones.flatMap((_, r) => ones.map((_, c) => (r === c ? 1 : 0)));
  const matrix = list(square, 'TransformMatrix', 'Rotation', 'Orientation');
  const columns = ones.map((_, a) => matrix.slice(a * axes, (a + 1) * axes));
  return plainAxes(columns, { spacing, origin }, 'TransformMatrix');
}

function channelsOf(fields: TextFields): number {
  const channels = numbersOf(
    'ElementNumberOfChannels',
    fields.text('ElementNumberOfChannels') ?? '1',
    1,
  );
  assertSizes('ElementNumberOfChannels', channels);
  return channels[0];
}

function storedOf(type: string): VolumeHeader['stored'] {
  const stored = own(ELEMENT_TYPES, type.replace(/_ARRAY$/, ''));
  if (stored !== undefined) return stored;
  throw faultIn('ElementType', `"${type.slice(0, 40)}" is not supported`);
}

function placeOf(fields: TextFields, end: number, text: string): PixelPlace {
  const value = fields.required('ElementDataFile');
  const skip = numbersOf('HeaderSize', fields.text('HeaderSize') ?? '0', 1)[0];
  if (!Number.isInteger(skip) || skip < -1) throw faultIn('HeaderSize', `is ${skip}`);
  if (/^local$/i.test(value)) return { kind: 'inline', offset: localOffset(end, skip, fields) };
  if (value === '') throw faultIn('ElementDataFile', 'is empty');
  if (skip !== 0 && isTrue(fields.text('CompressedData'))) {
    throw faultIn('HeaderSize', `is ${skip} where the pixels are compressed`);
  }
  const names = isList(value) ? listed(text.slice(end)) : patternNames(value, 'ElementDataFile');
  return { kind: 'files', names: (names ?? [value]).map(nameFromLatin1), skip };
}

/** Right behind the header, or with a HeaderSize of -1 at the end of the file. */
function localOffset(end: number, skip: number, fields: TextFields): number {
  if (skip === 0) return end;
  if (skip === -1 && !isTrue(fields.text('CompressedData'))) return -1;
  throw faultIn('HeaderSize', `is ${skip} where the pixels follow the header`);
}

function listed(text: string): string[] {
  const names = text.split('\n').map((line) => line.trim());
  const found = names.filter((name) => name !== '');
  if (found.length >= 1 && found.length <= LARGEST_LIST) return found;
  throw faultIn('ElementDataFile', `lists ${found.length} files`);
}
