import type { Image } from '@voxhost/sdk';
import { withFrames } from '../extra-axis.js';
import type { EncodedHeader, Format, WriteLayout } from '../format.js';
import { ELEMENT_NAMES } from './element-types.js';
import { parseMetaImage } from './parse.js';

/** ITK's own format: text header, LPS, float64 geometry without rounding. */
export const metaImage: Format = {
  name: 'MetaImage',
  extensions: ['.mha', '.mhd'],
  detached: { '.mhd': { plain: '.raw', compressed: '.zraw' } },
  inner: 'zlib',
  parse: parseMetaImage,
  encode: encodeMetaImage,
};

/** MetaIO reads a compressed file apart only when it is told how long it is; one that follows it finds by itself. */
const packedSize = ({ compress, pixelBytesWritten }: WriteLayout): string[] =>
  compress && pixelBytesWritten > 0 ? [`CompressedDataSize = ${pixelBytesWritten}`] : [];

function encodeMetaImage(image: Omit<Image, 'data'>, layout: WriteLayout): EncodedHeader {
  const { grid, channels, pixelType } = image;
  const vector = channels > 1 && layout.channelsAs === 'components';
  const frames = channels > 1 && !vector ? channels : undefined;
  const { size, spacing, origin, columns } = withFrames(grid, frames, layout.frameSpacing);
  const lines = [
    'ObjectType = Image',
    `NDims = ${size.length}`,
    'BinaryData = True',
    'BinaryDataByteOrderMSB = False',
    `CompressedData = ${layout.compress ? 'True' : 'False'}`,
    ...packedSize(layout),
    `TransformMatrix = ${columns.flat().join(' ')}`,
    `Offset = ${origin.join(' ')}`,
    `CenterOfRotation = ${origin.map(() => 0).join(' ')}`,
    `ElementSpacing = ${spacing.join(' ')}`,
    `DimSize = ${size.join(' ')}`,
    ...(vector ? [`ElementNumberOfChannels = ${channels}`] : []),
    `ElementType = ${ELEMENT_NAMES[pixelType]}`,
    `ElementDataFile = ${layout.pixelName === '' ? 'LOCAL' : layout.pixelName}`,
    '',
  ];
  return { header: Buffer.from(lines.join('\n'), 'utf8'), interleaved: vector };
}
