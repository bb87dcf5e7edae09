import { crc32, deflateSync } from 'node:zlib';
import type { Raster } from './raster.js';

const SIGNATURE = Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a);

/** Colour types of the format: grey, and red, green and blue. */
const COLOUR_TYPE = { 1: 0, 3: 2 } as const;

/** A PNG file of 8 bits per component, rows unfiltered. (W3C, Portable Network Graphics, sections 5 and 11.) */
export function encodePng({ width, height, channels, data }: Raster): Uint8Array {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header[8] = 8; // bits per component
  header[9] = COLOUR_TYPE[channels];
  const stride = width * channels;
  const rows = new Uint8Array(height * (stride + 1)); // each row begins with its filter: 0, none
  for (let y = 0; y < height; y++) {
    rows.set(data.subarray(y * stride, (y + 1) * stride), y * (stride + 1) + 1);
  }
  return Buffer.concat([
    SIGNATURE,
    chunk('IHDR', header),
    chunk('IDAT', deflateSync(rows, { level: 9 })),
    chunk('IEND', new Uint8Array()),
  ]);
}

/** Length, type, bytes, and the checksum of type and bytes. */
function chunk(type: string, bytes: Uint8Array): Uint8Array {
  const framed = Buffer.alloc(12 + bytes.length);
  framed.writeUInt32BE(bytes.length, 0);
  framed.write(type, 4, 'latin1');
  framed.set(bytes, 8);
  framed.writeUInt32BE(crc32(framed.subarray(4, 8 + bytes.length)), 8 + bytes.length);
  return framed;
}
