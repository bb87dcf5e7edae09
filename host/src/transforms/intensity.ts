import { pixelTypeOfDtype } from '../lazy/dtype.js';
import type { PendingOperation } from '../lazy/pending.js';
import type { DefinedTransform, RandomTransform } from '../lazy/transform.js';
import type { Viewport } from '../lazy/viewport.js';
import { bad, defined, pixelTypeField } from './define.js';
import { randomly } from './randomly.js';

/** What changes of intensity give where nothing else is asked, as in MONAI. */
const RESULT = 'float32';

export type ShiftIntensityParams = { readonly offset: number };

/** Adds a number: stays pending. */
export function shiftIntensity(params: ShiftIntensityParams): DefinedTransform {
  return defined('ShiftIntensity', params, (viewport) => [linear(viewport, 1, params.offset)]);
}

export type ScaleIntensityFactorParams = { readonly factor: number };

/** Multiplies by 1 + factor: stays pending. What `ScaleIntensity` is with a factor and no range. */
export function scaleIntensityFactor(params: ScaleIntensityFactorParams): DefinedTransform {
  return defined('ScaleIntensityFactor', params, (viewport) => [
    linear(viewport, 1 + params.factor, 0),
  ]);
}

export type ScaleIntensityRangeParams = {
  readonly a_min: number;
  readonly a_max: number;
  /** Null: values start at 0 and are not scaled. */
  readonly b_min?: number | null;
  readonly b_max?: number | null;
  /** Keep within b_min and b_max: does not commute, so it flushes. Default false. */
  readonly clip?: boolean;
  readonly dtype?: string | null;
};

/** Takes a_min .. a_max to b_min .. b_max: stays pending, unless it clips. */
export function scaleIntensityRange(params: ScaleIntensityRangeParams): DefinedTransform {
  const { a_min, a_max, clip = false } = params;
  const b =
    params.b_min == null || params.b_max == null
      ? undefined
      : ([params.b_min, params.b_max] as const);
  if (clip && b === undefined) throw bad('clip', 'needs b_min and b_max');
  const width = a_max - a_min;
  const unit = width === 0 ? 1 : width;
  const scale = (b === undefined ? 1 : b[1] - b[0]) / unit;
  const shift = (b === undefined ? 0 : b[0]) - a_min * scale;
  const type = { pixelType: RESULT, ...pixelTypeField(params.dtype) } as const;
  return defined('ScaleIntensityRange', params, (viewport) => {
    if (!clip || b === undefined) return [{ ...linear(viewport, scale, shift), ...type }];
    const [least, most] = b;
    const apply = (values: Float64Array): void => {
      for (let i = 0; i < values.length; i++) {
        values[i] = Math.min(most, Math.max(least, scale * values[i] + shift));
      }
    };
    return [
      { kind: 'pointwise', name: 'ScaleIntensityRange with clip', apply, ...type, after: viewport },
    ];
  });
}

export type ScaleIntensityParams = {
  readonly minv?: number | null;
  readonly maxv?: number | null;
  /** v · (1 + factor), where minv and maxv are null. */
  readonly factor?: number | null;
  readonly channel_wise?: boolean;
  readonly dtype?: string | null;
};

/** Takes the image's own range to minv .. maxv (default 0 .. 1): reads values, so it flushes; a factor stays pending. */
export function scaleIntensity(params: ScaleIntensityParams = {}): DefinedTransform {
  const { minv = 0, maxv = 1, factor, channel_wise = false } = params;
  if (minv === null || maxv === null) {
    if (factor == null) throw bad('factor', 'is missing beside minv and maxv of null');
    return defined('ScaleIntensity', params, (viewport) => [linear(viewport, 1 + factor, 0)]);
  }
  const apply = (values: Float64Array): void => {
    const [least, most] = rangeOf(values);
    const scale = most === least ? 1 : (maxv - minv) / (most - least);
    const start = most === least ? 0 : minv;
    for (let i = 0; i < values.length; i++) values[i] = (values[i] - least) * scale + start;
  };
  return statistical('ScaleIntensity', params, channel_wise, apply);
}

export type NormalizeIntensityParams = {
  readonly subtrahend?: number | null;
  readonly divisor?: number | null;
  /** Statistics and changes of non-zero values only. Default false. */
  readonly nonzero?: boolean;
  readonly channel_wise?: boolean;
  readonly dtype?: string | null;
};

/** (v - subtrahend) / divisor, which default to mean and standard deviation: then it reads values and flushes. */
export function normalizeIntensity(params: NormalizeIntensityParams = {}): DefinedTransform {
  const { subtrahend, divisor, nonzero = false, channel_wise = false } = params;
  if (subtrahend != null && divisor != null && !nonzero) {
    const scale = 1 / (divisor === 0 ? 1 : divisor);
    return defined('NormalizeIntensity', params, (viewport) => [
      linear(viewport, scale, -subtrahend * scale),
    ]);
  }
  const apply = (values: Float64Array): void => {
    const used = nonzero ? values.filter((v) => v !== 0) : values;
    if (used.length === 0) return;
    const mean = used.reduce((a, b) => a + b, 0) / used.length;
    const variance = used.reduce((a, b) => a + (b - mean) ** 2, 0) / used.length;
    const by = divisor ?? Math.sqrt(variance);
    for (let i = 0; i < values.length; i++) {
      if (nonzero && values[i] === 0) continue;
      values[i] = (values[i] - (subtrahend ?? mean)) / (by === 0 ? 1 : by);
    }
  };
  return statistical('NormalizeIntensity', params, channel_wise, apply);
}

export type CastToTypeParams = { readonly dtype?: string | null };

/** Another pixel type: flushes, since what is rounded does not commute. Default float32. */
export function castToType(params: CastToTypeParams = {}): DefinedTransform {
  const pixelType = pixelTypeOfDtype(params.dtype ?? RESULT);
  return defined('CastToType', params, (viewport) => [
    { kind: 'pointwise', name: 'CastToType', apply: () => {}, pixelType, after: viewport },
  ]);
}

/** MONAI's `ensure` of a type: the same where a dtype is named, else nothing. */
export function ensureType(params: CastToTypeParams = {}): DefinedTransform {
  if (params.dtype != null) return { ...castToType(params), name: 'EnsureType' };
  return defined('EnsureType', params, () => []);
}

export type RandShiftIntensityParams = {
  /** A range, or the end of one about 0. */
  readonly offsets: number | readonly [number, number];
  /** Default 0.1. */
  readonly prob?: number;
};

/** `shiftIntensity` by a drawn offset. */
export const randShiftIntensity = (params: RandShiftIntensityParams): RandomTransform =>
  drawnOnce('RandShiftIntensity', params, params.offsets, (offset) => shiftIntensity({ offset }));

export type RandScaleIntensityParams = {
  /** A range, or the end of one about 0; values are multiplied by 1 plus what is drawn. */
  readonly factors: number | readonly [number, number];
  /** Default 0.1. */
  readonly prob?: number;
};

/** `scaleIntensityFactor` by a drawn factor. */
export const randScaleIntensity = (params: RandScaleIntensityParams): RandomTransform =>
  drawnOnce('RandScaleIntensity', params, params.factors, (factor) =>
    scaleIntensityFactor({ factor }),
  );

function drawnOnce(
  name: string,
  params: RandShiftIntensityParams | RandScaleIntensityParams,
  range: number | readonly [number, number],
  make: (value: number) => DefinedTransform,
): RandomTransform {
  const [low, high] = typeof range === 'number' ? [-range, range] : range;
  return randomly(name, params, params.prob ?? 0.1, (random) => {
    const drawn = make(random.uniform(low, high));
    return () => [drawn];
  });
}

const linear = (viewport: Viewport, scale: number, shift: number) =>
  scale === 0
    ? ({
        kind: 'pointwise',
        name: 'a constant',
        apply: (v: Float64Array) => void v.fill(shift),
        pixelType: RESULT,
        after: viewport,
      } as const)
    : ({ kind: 'intensity', scale, shift, pixelType: RESULT, after: viewport } as const);

function statistical(
  name: string,
  params: ScaleIntensityParams | NormalizeIntensityParams,
  channelWise: boolean,
  apply: (values: Float64Array) => void,
): DefinedTransform {
  const type = { pixelType: RESULT, ...pixelTypeField(params.dtype) } as const;
  return defined(name, params, (viewport): readonly PendingOperation[] => [
    {
      kind: 'pointwise',
      name,
      apply,
      each: channelWise ? 'channel' : 'image',
      ...type,
      after: viewport,
    },
  ]);
}

function rangeOf(values: Float64Array): readonly [number, number] {
  let [least, most] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const v of values) {
    least = Math.min(least, v);
    most = Math.max(most, v);
  }
  return [least, most];
}
