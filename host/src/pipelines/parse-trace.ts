import { createGrid, type Grid, type Json, PIXEL_TYPES, type PixelType } from '@voxhost/sdk';
import type { EntryOverrides } from '../lazy/transform.js';
import type { Shapes } from '../lazy/viewport.js';
import { own } from '../own.js';
import { CATALOGUE } from '../transforms/catalogue.js';
import { misfitIn } from '../transforms/check-params.js';
import { isRecord, type JsonRecord } from './parse-record.js';
import type { Trace, TraceItem } from './trace.js';

/** A trace, or the first thing that is wrong with what should be one, and where. */
export type ParsedTrace =
  | { readonly ok: true; readonly trace: Trace }
  | { readonly ok: false; readonly reason: string };

const FORMAT = 'voxhost-trace/1';

class Misfit extends Error {}

export function parseTrace(json: Json): ParsedTrace {
  try {
    const trace = recordOf(json, 'it');
    if (trace['format'] !== FORMAT) throw new Misfit(`its format is not ${FORMAT}`);
    const source = recordOf(trace['source'], 'source');
    return {
      ok: true,
      trace: {
        format: FORMAT,
        source: {
          grid: gridOf(recordOf(source['grid'], 'source.grid')),
          pixelType: wordOf<PixelType>(source['pixelType'], PIXEL_TYPES, 'source.pixelType'),
        },
        shapes: wordOf<Shapes>(trace['shapes'], ['real', 'monai'], 'shapes'),
        items: listOf(trace['items'], 'items').map(itemOf),
      },
    };
  } catch (error) {
    if (error instanceof Misfit) return { ok: false, reason: `is no trace: ${error.message}` };
    throw error;
  }
}

function itemOf(json: Json, index: number): TraceItem {
  const at = `items.${index}`;
  const { _target_: target, params, lazy, overrides } = recordOf(json, at);
  if (typeof target !== 'string') throw new Misfit(`${at}._target_ is no name`);
  if (typeof lazy !== 'boolean') throw new Misfit(`${at}.lazy is neither true nor false`);
  const item = { _target_: target, params: paramsOf(target, params, `${at}.params`), lazy };
  if (overrides === undefined) return item;
  return { ...item, overrides: recordOf(overrides, `${at}.overrides`) as EntryOverrides };
}

/**
 * Of a transform of the catalogue, as a pipeline's: null is as if it were left out. What is in no catalogue is refused
 * where it is made again.
 */
function paramsOf(target: string, json: Json | undefined, at: string): JsonRecord {
  const params = recordOf(json, at);
  const row = own(CATALOGUE, target);
  if (row === undefined) return params;
  const given = Object.fromEntries(Object.entries(params).filter(([, value]) => value !== null));
  const missing = row.required.find((name) => !row.sources.includes(name) && !(name in given));
  if (missing !== undefined) throw new Misfit(`${at}.${missing} is missing`);
  const misfit = misfitIn(row.checks, given);
  if (misfit === undefined) return params;
  throw new Misfit(`${at}.${misfit.name} is not ${misfit.wanted}`);
}

function gridOf(json: JsonRecord): Grid {
  const numbers = (name: string): readonly number[] =>
    listOf(json[name], `source.grid.${name}`).map((value) => {
      if (typeof value === 'number') return value;
      throw new Misfit(`source.grid.${name} has ${JSON.stringify(value)}, no number`);
    });
  const [size, spacing] = [numbers('size'), numbers('spacing')];
  const [origin, direction] = [numbers('origin'), numbers('direction')];
  try {
    return createGrid({ size, spacing, origin, direction });
  } catch (cause) {
    throw new Misfit(cause instanceof Error ? cause.message : String(cause), { cause });
  }
}

function recordOf(json: Json | undefined, what: string): JsonRecord {
  if (isRecord(json)) return json;
  throw new Misfit(`${what} is no object`);
}

function listOf(json: Json | undefined, what: string): readonly Json[] {
  if (Array.isArray(json)) return json;
  throw new Misfit(`${what} is no list`);
}

function wordOf<W extends string>(json: Json | undefined, words: readonly W[], what: string): W {
  const found = words.find((word) => word === json);
  if (found !== undefined) return found;
  throw new Misfit(`${what} is none of ${words.join(', ')}`);
}
