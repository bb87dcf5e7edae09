import { executePass, sumSlots } from './execute-pass.js';
import { MODE_SQUARES, SLOT_COUNT, SLOT_SUMS } from './metric-layout.js';
import { judgeValidity, type Measure, NO_SAMPLES } from './outcome.js';
import { finishSink, openSink } from './sink.js';

/** (1/N) Σ (m - f)², by a moving value 2 (m - f) / N: one pass, since only N is not known before. */
export const meanSquares: Measure = async (call) => {
  const { channels } = call.subject.operation.fixed;
  const validity = await judgeValidity(call);
  const sink = openSink(call);
  const slots = await executePass(call, { mode: MODE_SQUARES, sink, ...validity });
  const sums = sumSlots(slots, channels);
  const samples = sums[0][SLOT_COUNT / 8];
  if (samples === 0) return NO_SAMPLES;
  const judgements = sums.map((sum) => ({ figure: sum[SLOT_SUMS / 8] / samples }));
  const scale = 2 / (samples * channels);
  return {
    samples,
    judgements,
    derivative: sink && (await finishSink(call, sink, { slots, scale })),
  };
};
