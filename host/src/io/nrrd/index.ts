import type { Image } from '@voxhost/sdk';
import { withFrames } from '../extra-axis.js';
import type { EncodedHeader, Format, WriteLayout } from '../format.js';
import { parseNrrd } from './parse.js';
import { nrrdType } from './types.js';

/** Teem's format, Slicer's default: text header, any space, float64 geometry. */
export const nrrd: Format = {
  name: 'NRRD',
  extensions: ['.nrrd', '.nhdr'],
  detached: { '.nhdr': { plain: '.raw', compressed: '.raw.gz' } },
  inner: 'gzip',
  parse: parseNrrd,
  encode: encodeNrrd,
};

function encodeNrrd(image: Omit<Image, 'data'>, layout: WriteLayout): EncodedHeader {
  const { grid, channels, pixelType } = image;
  const vector = channels > 1 && layout.channelsAs === 'components';
  const frames = channels > 1 && !vector ? channels : undefined;
  const { size, spacing, origin, columns } = withFrames(grid, frames, layout.frameSpacing);
  const directions = columns.map((column, a) => tuple(column.map((v) => v * spacing[a])));
  const domains = size.map(() => 'domain');
  const lines = [
    'NRRD0005',
    `type: ${nrrdType(pixelType)}`,
    `dimension: ${size.length + (vector ? 1 : 0)}`,
    spaceLine(size.length),
    `sizes: ${(vector ? [channels, ...size] : size).join(' ')}`,
    `space directions: ${(vector ? ['none', ...directions] : directions).join(' ')}`,
    `kinds: ${(vector ? ['vector', ...domains] : domains).join(' ')}`,
    'endian: little',
    `encoding: ${layout.compress ? 'gzip' : 'raw'}`,
    `space origin: ${tuple(origin)}`,
    ...(layout.pixelName === '' ? [] : [`data file: ${layout.pixelName}`]),
    '',
    '',
  ];
  return { header: Buffer.from(lines.join('\n'), 'utf8'), interleaved: vector };
}

const SPACES: { readonly [axes: number]: string } = {
  3: 'space: left-posterior-superior',
  4: 'space: left-posterior-superior-time',
};

const spaceLine = (axes: number): string => SPACES[axes] ?? `space dimension: ${axes}`;

const tuple = (values: readonly number[]): string => `(${values.join(',')})`;
