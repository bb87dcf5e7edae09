import { BrokenBinary, type ByteView } from './byte-view.js';

/** Type of a segment that is loaded. */
export const PT_LOAD = 1;

/** Sizes and offsets that differ between 32 and 64 bits. */
export interface Layout {
  readonly is64: boolean;
  readonly header: number;
  readonly programHeader: number;
  readonly symbol: number;
  word(view: ByteView, offset: number): number;
}

export const LAYOUT_64: Layout = {
  is64: true,
  header: 64,
  programHeader: 56,
  symbol: 24,
  word: (view, offset) => view.u64(offset),
};
export const LAYOUT_32: Layout = {
  is64: false,
  header: 52,
  programHeader: 32,
  symbol: 16,
  word: (view, offset) => view.u32(offset),
};

/** A program header: a stretch of the file, and the address that it is loaded at. */
export interface Segment {
  readonly type: number;
  readonly offset: number;
  readonly address: number;
  readonly fileSize: number;
}

/** An ELF file whose program headers were read. */
export interface Elf {
  readonly view: ByteView;
  readonly layout: Layout;
  readonly segments: readonly Segment[];
}

/** The string at an offset of the table of strings. */
export type Name = (index: number) => string;

/** Where an address of the loaded image lies in the file. */
export function fileOffset({ segments }: Elf, address: number): number {
  const holder = segments.find(
    ({ type, address: start, fileSize }) =>
      type === PT_LOAD && address >= start && address < start + fileSize,
  );
  if (holder === undefined) throw new BrokenBinary(`has nothing at address ${address}`);
  return address - holder.address + holder.offset;
}
