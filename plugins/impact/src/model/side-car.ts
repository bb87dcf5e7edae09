import type { Json } from '@voxhost/sdk';
import { badArgument } from '../bad-argument.js';
import { OptionReader } from '../options/read.js';

/**
 * What the owner of a model says about it beside the graph: `model.json` next to `model.onnx`, or the same
 * text in the graph's metadata under `voxhost.impact`.
 */
export interface SideCar {
  readonly dimension?: 2 | 3;
  readonly channels?: number;
  /**
   * Who normalises intensities: `inside`, the graph itself (from raw values or its `stats` input); `none`,
   * nobody need; `expected`, the caller, whom this metric has none of: refused.
   */
  readonly normalisation: 'inside' | 'none' | 'expected';
  /** The network was trained on canonically oriented images, so patches are turned for it. */
  readonly canonicalOrientation: boolean;
  readonly licence?: string;
  /** Of the ONNX file, 64 lower-case hex digits. */
  readonly sha256?: string;
}

/** What a model without a word beside it is taken for. */
export const NO_SIDE_CAR: SideCar = { normalisation: 'none', canonicalOrientation: false };

/** Reads the side-car's text. Throws `BAD_ARGUMENT` naming the field. */
export function parseSideCar(text: string, source: string): SideCar {
  let value: Json;
  try {
    value = JSON.parse(text) as Json;
  } catch (error) {
    throw badArgument('model', `"${source}" is no JSON`, error);
  }
  const reader = new OptionReader(source, value);
  const dimension = reader.number('dimension');
  if (dimension !== undefined && dimension !== 2 && dimension !== 3) {
    throw reader.wrong('dimension', '2 or 3');
  }
  const channels = reader.whole('channels', 1);
  const licence = reader.text('licence');
  const sha256 = reader.text('sha256');
  reader.value('layers'); // for people; the graph says it better
  const sideCar: SideCar = {
    ...(dimension && { dimension }),
    ...(channels !== undefined && { channels }),
    normalisation: reader.word('normalisation', ['inside', 'none', 'expected']) ?? 'none',
    canonicalOrientation: reader.truth('canonicalOrientation') ?? false,
    ...(licence !== undefined && { licence }),
    ...(sha256 !== undefined && { sha256 }),
  };
  reader.finish();
  return sideCar;
}
