/** Features of some samples under one layer: channel c of sample n lies at `n · channels + c`. */
export interface FeaturePair {
  readonly fixed: Float32Array | Float64Array;
  readonly moving: Float32Array | Float64Array;
  readonly samples: number;
  readonly channels: number;
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
   * The sum (or the statistic) in float64, in the order of the samples.
   *
   * @param modulator - if given, becomes its derivative by `moving`; as long as that
   */
  evaluate(pair: FeaturePair, modulator?: Float64Array): number;
}
