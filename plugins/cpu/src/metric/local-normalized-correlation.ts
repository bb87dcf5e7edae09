import type { Call } from './call.js';
import { executePass, sumSlots } from './execute-pass.js';
import { type LocalPlanes, windowsOf } from './local-windows.js';
import { MODE_PLANES, MODE_SLOPES, SLOT_COUNT } from './metric-layout.js';
import { judgeValidity, type Measure, NO_SAMPLES } from './outcome.js';
import { finishSink, openSink } from './sink.js';

/**
 * Mean over the samples of s_fm² / (s_ff s_mm) within a box about each; see the reference. Three passes: both images'
 * values, then sums over the boxes, then slopes.
 */
export const localNormalizedCorrelation: Measure = async (call) => {
  const { subject, sites } = call;
  const { channels } = subject.operation.fixed;
  const validity = await judgeValidity(call);
  const readsValid = validity.readsValid ?? false;
  const sink = openSink(call);
  const planes = allocatePlanes(call, sink !== undefined, validity.planes.valid);
  const span: readonly [number, number] = [0, sink ? 0.2 : 0.4];
  const written = isResident(call) ? { ...planes, fixed: 0 } : planes;
  const gathered = await executePass(call, {
    mode: MODE_PLANES,
    planes: written,
    readsValid,
    span,
  });
  const windows = windowsOf(call, sites.windowWidth);
  const samples = windows.countCentres(
    subject.engine.heap.bytes(planes.valid, sites.count),
    sumSlots(gathered, channels)[0][SLOT_COUNT / 8],
  );
  if (samples === 0) return NO_SAMPLES;
  const sums = await windows.correlate(planes);
  const judgements = sums.map((sum) => ({ figure: sum / samples }));
  if (sink === undefined) return { samples, judgements };
  const last = { mode: MODE_SLOPES, sink, planes, readsValid, span: [0.7, 1] as const };
  const slots = await executePass(call, last);
  const scale = -1 / (samples * channels);
  return { samples, judgements, derivative: await finishSink(call, sink, { slots, scale }) };
};

/** Does the fixed image lie in memory as the planes do? */
const isResident = ({ subject, sites, isWide }: Call): boolean =>
  sites.points === undefined && isWide !== subject.residents.isNarrow;

function allocatePlanes(call: Call, wantsSlopes: boolean, valid: number): LocalPlanes {
  const { subject, sites, held, isWide } = call;
  const bytes = sites.count * subject.operation.fixed.channels * (isWide ? 8 : 4);
  const isGrid = sites.windowWidth === undefined;
  return {
    moving: held.allocate(bytes),
    fixed: isResident(call) ? subject.residents.fixed.address : held.allocate(bytes),
    valid: valid || held.allocate(sites.count),
    slopes: wantsSlopes ? held.allocate(bytes) : 0,
    windows: wantsSlopes && isGrid ? held.allocate(3 * bytes) : 0,
  };
}
