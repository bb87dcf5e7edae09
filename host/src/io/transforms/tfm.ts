import { faultIn } from '../bad-file.js';
import { toNumber } from '../text-header.js';
import type { ItkRecord } from './itk-codec.js';

const MAGIC = '#Insight Transform File V1.0';

/** Is this ITK's text form? */
export const isTfm = (text: string): boolean =>
  text.trimStart().startsWith('#Insight Transform File');

/** Reads ITK's text form, .tfm or .txt. Throws its fault. */
export function parseTfm(text: string): ItkRecord[] {
  const records: { type: string; parameters: number[]; fixed: number[] }[] = [];
  for (const [n, line] of text.split('\n').entries()) {
    if (line.trim() === '' || line.startsWith('#')) continue;
    const colon = line.indexOf(':');
    if (colon === -1) throw faultIn(`line ${n + 1}`, 'is not "Key: value"');
    const [key, value] = [line.slice(0, colon).trim(), line.slice(colon + 1).trim()];
    if (key === 'Transform') records.push({ type: value, parameters: [], fixed: [] });
    else takeNumbers(records.at(-1), key, value);
  }
  return records;
}

function takeNumbers(
  record: { parameters: number[]; fixed: number[] } | undefined,
  key: string,
  value: string,
): void {
  if (record === undefined) throw faultIn(key.slice(0, 40), 'comes before any Transform');
  const numbers = value === '' ? [] : value.split(/\s+/).map(toNumber);
  if (numbers.some(Number.isNaN))
    throw faultIn(key.slice(0, 40), 'has something that is no number');
  if (key === 'Parameters') record.parameters = numbers;
  else if (key === 'FixedParameters') record.fixed = numbers;
  else throw faultIn(key.slice(0, 40), 'is no field of a transform file');
}

/** ITK's text form. Numbers keep all their digits. */
export function encodeTfm(records: readonly ItkRecord[]): string {
  const lines = [MAGIC];
  for (const [n, { type, parameters, fixed }] of records.entries()) {
    lines.push(`#Transform ${n}`, `Transform: ${type}`);
    if (type.startsWith('CompositeTransform_')) continue;
    lines.push(`Parameters: ${Array.from(parameters).join(' ')}`);
    lines.push(`FixedParameters: ${Array.from(fixed).join(' ')}`);
  }
  return `${lines.join('\n')}\n`;
}
