import type { Call } from './call.js';
import { executePass, sumSlots } from './execute-pass.js';
import {
  MODE_LINEAR,
  MODE_MOMENTS,
  PARAM_ALPHA,
  PARAM_BETA,
  PARAM_BYTES,
  PARAM_FIXED_SHIFT,
  PARAM_GAMMA,
  PARAM_MOVING_SHIFT,
  SINK_AFFINE,
  SLOT_COUNT,
  SLOT_SUMS,
} from './metric-layout.js';
import { type Judgement, judgeValidity, type Measure, NO_SAMPLES, steepest } from './outcome.js';
import { finishSink, openSink } from './sink.js';

/** Sums over the samples of one channel, of values less a shift. */
export interface Moments {
  readonly count: number;
  readonly fixedShift: number;
  readonly movingShift: number;
  readonly f: number;
  readonly m: number;
  readonly ff: number;
  readonly mm: number;
  readonly fm: number;
}

/** Each round of better shifts gains the digits of float32, and all of float64's are won by three. */
const MOST_ROUNDS = 3;

/** What is taken off the values of a channel before they are summed. */
export interface Shift {
  readonly fixed: number;
  readonly moving: number;
}

/** What a measure makes of the moments of a channel: its slopes are α f + β m + γ, of values less the shifts. */
export interface Linear extends Judgement {
  readonly slopes: readonly [alpha: number, beta: number, gamma: number];
}

/** How a measure that is a function of the moments goes about them. */
export interface MomentMeasure {
  readonly sign: 1 | -1;
  /** What to take off at first. */
  shiftsOf(call: Call): readonly Shift[];
  /** Other shifts, when those lost too many digits. */
  betterShifts(moments: readonly Moments[]): readonly Shift[] | undefined;
  judge(moments: Moments): Linear;
}

/**
 * One pass for the moments, which under an affine sums all that its derivative is made of; other maps take a second
 * pass for the slopes.
 */
export const byMoments =
  (measure: MomentMeasure): Measure =>
  async (call) => {
    const validity = await judgeValidity(call);
    const sink = openSink(call);
    const isAtOnce = sink?.kind === SINK_AFFINE;
    const first = { mode: MODE_MOMENTS, sink: isAtOnce ? sink : undefined, ...validity };
    const execute = async (shifts: readonly Shift[]) => {
      const slots = await executePass(call, {
        ...first,
        params: paramsOf(shifts),
        span: sink === undefined || isAtOnce ? [0, 1] : [0, 0.5],
      });
      return { slots, shifts, moments: momentsOf(slots, shifts) };
    };
    let found = await execute(measure.shiftsOf(call));
    const samples = found.moments[0].count;
    if (samples === 0) return NO_SAMPLES;
    for (let round = 0; round < MOST_ROUNDS; round++) {
      const better = measure.betterShifts(found.moments);
      if (better === undefined) break;
      found = await execute(better);
    }
    const judgements = found.moments.map(measure.judge);
    if (sink === undefined) return { samples, judgements };
    const scale = measure.sign / judgements.length;
    if (isAtOnce) {
      const weights = (channel: number) => judgements[channel].slopes;
      const derivative = await finishSink(call, sink, { slots: found.slots, scale, weights });
      return { samples, judgements, derivative };
    }
    const most = steepest(judgements.flatMap(({ slopes: [alpha, beta] }) => [alpha, beta]));
    const params = paramsOf(found.shifts, judgements, most);
    const last = { mode: MODE_LINEAR, sink, params, ...validity, span: [0.5, 1] as const };
    const slots = await executePass(call, last);
    const derivative = await finishSink(call, sink, { slots, scale: scale * most });
    return { samples, judgements, derivative };
  };

function paramsOf(
  shifts: readonly Shift[],
  judgements?: readonly Linear[],
  unit = 1,
): Float64Array {
  const width = PARAM_BYTES / 8;
  const params = new Float64Array(shifts.length * width);
  for (const [channel, { fixed, moving }] of shifts.entries()) {
    const [alpha, beta, gamma] = judgements?.[channel].slopes ?? [0, 0, 0];
    params[channel * width + PARAM_FIXED_SHIFT / 8] = fixed;
    params[channel * width + PARAM_MOVING_SHIFT / 8] = moving;
    params[channel * width + PARAM_ALPHA / 8] = alpha / unit;
    params[channel * width + PARAM_BETA / 8] = beta / unit;
    params[channel * width + PARAM_GAMMA / 8] = gamma / unit;
  }
  return params;
}

function momentsOf(slots: Float64Array, shifts: readonly Shift[]): readonly Moments[] {
  const sums = sumSlots(slots, shifts.length);
  const count = sums[0][SLOT_COUNT / 8];
  return sums.map((sum, channel) => {
    const [f, m, ff, mm, fm] = sum.subarray(SLOT_SUMS / 8);
    const { fixed: fixedShift, moving: movingShift } = shifts[channel];
    return { count, fixedShift, movingShift, f, m, ff, mm, fm };
  });
}
