import { executePass } from './execute-pass.js';
import { MODE_PLANES } from './metric-layout.js';
import { type Judgement, judgeValidity, type Measure, NO_SAMPLES } from './outcome.js';

/** Samples of one label: in the fixed image, in the moving image, in both at the same place. */
interface Overlap {
  fixed: number;
  moving: number;
  both: number;
}

/**
 * 2 Σ_l |F_l ∩ M_l| / Σ_l (|F_l| + |M_l|) over the labels but 0; each label's own as `dice <label>`, and all labels'
 * union overlap as `jaccard`. No label on either side is exactly 1. A count has no slope, so no derivative is offered.
 */
export const labelOverlap: Measure = async (call) => {
  const { subject, sites, held } = call;
  const { heap } = subject.engine;
  const { channels } = subject.operation.fixed;
  const validity = await judgeValidity(call);
  const bytes = sites.count * channels * 8;
  const [moving, fixed] = [held.allocate(bytes), held.allocate(bytes)];
  const valid = validity.planes.valid || held.allocate(sites.count);
  const planes = { moving, fixed, valid };
  await executePass(call, { mode: MODE_PLANES, readsValid: validity.readsValid ?? false, planes });
  const isValid = heap.bytes(valid, sites.count);
  const samples = isValid.reduce((sum, one) => sum + one, 0);
  if (samples === 0) return NO_SAMPLES;
  const judgements = Array.from({ length: channels }, (_, channel) => {
    const from = channel * sites.count * 8;
    const read = (plane: number) => new Float64Array(heap.memory.buffer, plane + from, sites.count);
    return judgeOverlap(countLabels(read(fixed), read(moving), isValid));
  });
  return { samples, judgements };
};

function countLabels(
  fixed: Float64Array,
  moving: Float64Array,
  valid: Uint8Array,
): ReadonlyMap<number, Overlap> {
  const labels = new Map<number, Overlap>();
  const overlapOf = (label: number): Overlap => {
    const found = labels.get(label) ?? { fixed: 0, moving: 0, both: 0 };
    labels.set(label, found);
    return found;
  };
  // Neighbours mostly have the same labels.
  let [lastFixed, lastMoving] = [Number.NaN, Number.NaN];
  let f: Overlap = { fixed: 0, moving: 0, both: 0 };
  let m = f;
  for (let i = 0; i < valid.length; i++) {
    if (valid[i] === 0) continue;
    if (fixed[i] !== lastFixed) f = overlapOf(fixed[i]);
    if (moving[i] !== lastMoving) m = overlapOf(moving[i]);
    lastFixed = fixed[i];
    lastMoving = moving[i];
    f.fixed++;
    m.moving++;
    if (lastFixed === lastMoving) f.both++;
  }
  labels.delete(0);
  return labels;
}

function judgeOverlap(labels: ReadonlyMap<number, Overlap>): Judgement {
  const all: Overlap = { fixed: 0, moving: 0, both: 0 };
  const more: Record<string, number> = {};
  for (const [label, overlap] of [...labels].sort(([a], [b]) => a - b)) {
    more[`dice ${label}`] = diceOf(overlap);
    all.fixed += overlap.fixed;
    all.moving += overlap.moving;
    all.both += overlap.both;
  }
  const union = all.fixed + all.moving - all.both;
  more['jaccard'] = union === 0 ? 1 : all.both / union;
  return { figure: diceOf(all), more };
}

const diceOf = ({ fixed, moving, both }: Overlap): number =>
  fixed + moving === 0 ? 1 : (2 * both) / (fixed + moving);
