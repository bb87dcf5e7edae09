import { faultIn } from '../bad-file.js';
import { address, cursorAt, skip, unsigned, unsupported, verify, version } from './cursor.js';

const SIGNATURE = Buffer.from('\x89HDF\r\n\x1a\n', 'latin1');

/** HDF5 may begin at 0, 512, 1024, ...; ITK's and everybody's transforms at 0. */
const isHdf5 = (bytes: Uint8Array): boolean =>
  SIGNATURE.equals(bytes.subarray(0, SIGNATURE.length));

/** Address of the header of the root group (HDF5 file format 3.0, II). Throws its fault. */
export function rootAddress(bytes: Uint8Array): number {
  if (!isHdf5(bytes)) throw faultIn('signature', 'is not that of HDF5');
  const cursor = cursorAt(bytes, SIGNATURE.length);
  const old = version(cursor, 'superblock', [0, 1, 2, 3]);
  if (old < 2) skip(cursor, 4);
  const widths = [unsigned(cursor, 1), unsigned(cursor, 1)];
  if (widths.some((width) => width !== 8)) throw unsupported(`addresses of ${widths} bytes`);
  skip(cursor, 1); // reserved, or flags
  if (old < 2) skip(cursor, 8 + (old === 1 ? 4 : 0));
  if (address(cursor) !== 0) throw unsupported('something before it');
  skip(cursor, 8);
  const end = address(cursor);
  if (end > bytes.length) {
    const reason = `ends after ${bytes.length} of ${end} bytes: it is truncated`;
    throw faultIn('HDF5', reason, 'copy the file again from its origin');
  }
  if (old < 2) skip(cursor, 16); // driver, and the name of the root
  const root = address(cursor);
  if (old >= 2) verify(cursor, 0);
  return root;
}
