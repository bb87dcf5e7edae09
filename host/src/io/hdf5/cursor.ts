import { faultIn } from '../bad-file.js';
import { lookup3 } from './checksum.js';

/** Reads little-endian numbers one after the other, never outside its bytes. */
export interface Cursor {
  readonly bytes: Uint8Array;
  at: number;
  /** Where it must not read on. */
  readonly end: number;
}

/** The address that HDF5 writes where there is none. */
export const NOWHERE = Infinity;

/** A cursor over `length` bytes from an address; to the end of the file when absent. */
export function cursorAt(bytes: Uint8Array, address: number, length?: number): Cursor {
  const end = length === undefined ? bytes.length : address + length;
  if (!(address >= 0 && address <= end && end <= bytes.length)) {
    throw faultIn('HDF5 address', `${address} is outside the file`);
  }
  return { bytes, at: address, end };
}

/** An unsigned number of 1 to 8 bytes; beyond 2^53 it is rounded, which no length or address of a file reaches. */
export function unsigned(cursor: Cursor, width: number): number {
  const begin = skip(cursor, width);
  let value = 0;
  for (let i = width - 1; i >= 0; i--) value = value * 256 + cursor.bytes[begin + i];
  return value;
}

/** Eight bytes of address; `NOWHERE` for the one of all ones. */
export function address(cursor: Cursor): number {
  const value = unsigned(cursor, 8);
  return value === 2 ** 64 ? NOWHERE : value;
}

/** Moves on; gives where it stood. */
export function skip(cursor: Cursor, length: number): number {
  const begin = cursor.at;
  if (!(length >= 0 && begin + length <= cursor.end)) {
    throw faultIn('HDF5 structure', `at byte ${begin} ends too early`);
  }
  cursor.at = begin + length;
  return begin;
}

/** Bytes as they lie in the file. */
export function take(cursor: Cursor, length: number): Uint8Array {
  const begin = skip(cursor, length);
  return cursor.bytes.subarray(begin, begin + length);
}

/** The next bytes as letters. */
export const letters = (cursor: Cursor, count: number): string =>
  String.fromCharCode(...take(cursor, count));

/** Four letters that begin a structure, or the fault. */
export function signature(cursor: Cursor, wanted: string): void {
  const at = cursor.at;
  const found = letters(cursor, 4);
  if (found !== wanted) throw faultIn('HDF5 structure', `at byte ${at} is not "${wanted}"`);
}

/** One of the versions that are understood, or the fault. */
export function version(cursor: Cursor, what: string, known: readonly number[]): number {
  const found = unsigned(cursor, 1);
  if (known.includes(found)) return found;
  throw unsupported(`version ${found} of the ${what}`);
}

/** Verifies the checksum that follows the structure from `begin` to where the cursor is. */
export function verify(cursor: Cursor, begin: number): void {
  const wanted = lookup3(cursor.bytes.subarray(begin, cursor.at));
  if (unsigned(cursor, 4) === wanted) return;
  throw faultIn('HDF5 structure', `at byte ${begin} is damaged (checksum)`);
}

/** What HDF5 can do and no transform needs. */
export const unsupported = (what: string) =>
  faultIn(
    'HDF5',
    `has ${what}, which is not supported`,
    'save the transform again with ITK or Slicer',
  );
