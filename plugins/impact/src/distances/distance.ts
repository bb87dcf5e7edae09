/** Features of some samples under one layer. */
export interface FeaturePair {
  readonly fixed: Float32Array | Float64Array;
  readonly moving: Float32Array | Float64Array;
  readonly samples: number;
  readonly channels: number;
  /** Where they lie in both arrays; absent: channel c of sample n at `n · channels + c`. */
  readonly layout?: Layout;
}

/** Channel c of sample n lies at `places[c] + n · step`. */
export interface Layout {
  readonly places: readonly number[];
  readonly step: number;
}

export function layoutOf({ layout, channels }: FeaturePair): Layout {
  return layout ?? { places: Array.from({ length: channels }, (_, c) => c), step: channels };
}

/**
 * How far apart fixed and moving features are; lower is more alike.
 *
 * A distance of scope `sample` is a sum of one loss per sample, to be divided by the number of samples:
 * any split of the samples gives the same sum. One of scope `all` is a statistic over all samples at once
 * and is not divided.
 */
export interface Distance {
  readonly scope: 'sample' | 'all';
  /**
   * The sum (or the statistic) in float64.
   *
   * @param modulator - if given, its derivative by `moving` is added here; as long as that
   */
  evaluate(pair: FeaturePair, modulator?: Float64Array): number;
}
