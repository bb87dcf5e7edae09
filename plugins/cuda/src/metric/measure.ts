import type { SamplePlanes } from './sample-planes.js';
import type { Sampled } from './sampled.js';

/** What a measure says of one channel of the samples of a run. */
export interface Judgement {
  /** Samples that count; when there are none, nothing else is of meaning. */
  readonly count: number;
  /** The plain figure: a correlation, an information in nats, or mean squares. */
  readonly figure: number;
  /**
   * Adds the channel's part of the cotangents of a tile, `factor` times the figure's slope by each moving value. For who
   * has the lanes.
   */
  readonly addCotangents: (planes: SamplePlanes, factor: number) => Promise<void>;
}

/** A metric made ready for its images: the judge of one channel of one run. */
export interface Measure {
  /** What makes a loss of the figure. */
  readonly sign: 1 | -1;
  /** Voxels on either side of a sample that are compared with it, per axis; absent where every sample is alone. */
  readonly radius?: readonly number[];
  judge(sampled: Sampled, channel: number): Promise<Judgement>;
}
