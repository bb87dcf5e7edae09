import type { ChannelSamples, Judgement, Measure } from './measure.js';

/** Voxels of one label: in the fixed image, in the moving image, in both at the same place. */
interface Overlap {
  fixed: number;
  moving: number;
  both: number;
}

/**
 * 2 Σ_l |F_l ∩ M_l| / Σ_l (|F_l| + |M_l|) over the labels but 0: ITK's LabelOverlapMeasuresImageFilter, mean
 * overlap. Also each label's own, as `dice <label>`, and all labels' union overlap, as `jaccard`. No label
 * on either side is exactly 1. A count has no slope.
 */
export const labelOverlap: Measure = {
  sign: -1,
  judge: async (samples) => judgeOverlap(samples),
};

function judgeOverlap({ fixed, moving, valid }: ChannelSamples): Judgement {
  const labels = new Map<number, Overlap>();
  for (let i = 0; i < valid.length; i++) {
    if (valid[i] === 0) continue;
    overlapOf(labels, fixed[i]).fixed++;
    overlapOf(labels, moving[i]).moving++;
    if (fixed[i] === moving[i]) overlapOf(labels, fixed[i]).both++;
  }
  labels.delete(0);
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
  return { figure: diceOf(all), slopes: new Float64Array(valid.length), more };
}

const diceOf = ({ fixed, moving, both }: Overlap): number =>
  fixed + moving === 0 ? 1 : (2 * both) / (fixed + moving);

function overlapOf(labels: Map<number, Overlap>, label: number): Overlap {
  const found = labels.get(label) ?? { fixed: 0, moving: 0, both: 0 };
  labels.set(label, found);
  return found;
}
