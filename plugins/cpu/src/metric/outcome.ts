import type { Call } from './call.js';
import { executePass, type Pass } from './execute-pass.js';
import { MODE_VALIDITY } from './metric-layout.js';

/** What a measure says of one channel. */
export interface Judgement {
  /** The plain figure: a correlation, an information in nats, an overlap, or mean squares. */
  readonly figure: number;
  readonly more?: { readonly [name: string]: number };
}

/** What a measure says of a run. */
export interface Outcome {
  readonly samples: number;
  /** One per channel; none without samples. */
  readonly judgements: readonly Judgement[];
  /** Of the loss, by the map's parameters; undefined when there are none or no samples. */
  readonly derivative?: Float64Array | undefined;
}

export const NO_SAMPLES: Outcome = { samples: 0, judgements: [] };

/** A run of a metric: all its passes. */
export type Measure = (call: Call) => Promise<Outcome>;

/**
 * What tells the passes of a run which samples count in all channels. Where every value is finite, or there is one
 * channel, each pass sees that for itself.
 */
export async function judgeValidity(
  call: Call,
): Promise<Pick<Pass, 'readsValid' | 'planes'> & { readonly planes: { valid: number } }> {
  const { subject, sites, held } = call;
  const isNeeded = subject.residents.checks && subject.operation.fixed.channels > 1;
  if (!isNeeded) return { readsValid: false, planes: { valid: 0 } };
  const planes = { valid: held.allocate(sites.count) };
  await executePass(call, { mode: MODE_VALIDITY, planes, span: [0, 0] });
  return { readsValid: true, planes };
}

/** Slopes are scaled so that float32 holds them: 1 for the steepest channel. */
export function steepest(values: readonly number[]): number {
  const most = values.reduce((largest, value) => Math.max(largest, Math.abs(value)), 0);
  return most > 0 ? most : 1;
}
