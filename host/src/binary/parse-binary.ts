import type { BinaryRead } from './binary-facts.js';
import { BrokenBinary, type ByteSource } from './byte-view.js';
import { parseElf } from './elf.js';
import { parseMachO } from './mach-o.js';
import { parsePe } from './pe.js';

/**
 * Tells a native binary by its first bytes and reads its headers. Ends on every input; never throws for one.
 *
 * @param withSymbols - also the names of symbols, of which a large library has many; default true
 */
export function parseBinary(source: ByteSource, withSymbols = true): BinaryRead {
  try {
    const start = source.read(0, Math.min(4, source.size));
    const magic = [...start].map((byte) => byte.toString(16).padStart(2, '0')).join('');
    if (magic === '7f454c46') return { ok: true, slices: [parseElf(source, withSymbols)] };
    if (magic.startsWith('4d5a')) return { ok: true, slices: [parsePe(source, withSymbols)] };
    if (MACH_O.includes(magic)) return { ok: true, slices: parseMachO(source, withSymbols) };
    return { ok: false, reason: noBinary(source.size, magic) };
  } catch (error) {
    if (error instanceof BrokenBinary) return { ok: false, reason: error.message };
    throw error;
  }
}

const MACH_O = ['feedface', 'feedfacf', 'cefaedfe', 'cffaedfe', 'cafebabe', 'cafebabf'];

function noBinary(size: number, magic: string): string {
  if (size === 0) return 'is empty';
  if (magic.startsWith('3c')) return 'is a page of HTML or XML, not a binary';
  return `starts with ${magic}, which no binary does`;
}
