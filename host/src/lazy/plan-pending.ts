import type { ResolvedOperation } from './overrides.js';
import { planSegment } from './plan-segment.js';
import { type PlanStart, segmentsOf, settled } from './segments.js';
import { pixelTypeAfter, type Step } from './step.js';

/** As few steps as give what each pending operation declared. Pure. */
export function planPending(
  operations: readonly ResolvedOperation[],
  start: PlanStart,
): readonly Step[] {
  const steps: Step[] = [];
  let at = start;
  for (const segment of segmentsOf(operations)) {
    const taken = planSegment(segment, at);
    steps.push(...taken);
    const last = segment.operations.at(-1);
    if (last === undefined) continue;
    const viewport = { ...at.viewport, ...settled(last.after) };
    at = { ...at, viewport, pixelType: pixelTypeAfter(taken, at.pixelType) };
  }
  return steps;
}
