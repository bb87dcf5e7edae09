import { type Resample, voxelCount } from '@voxhost/sdk';
import { bytesPerSample, coefficientsOf, sampleAxes } from './coefficients.js';

/** How much memory is used for what; a value, so that it can be asked for less. Bytes. */
export interface MemoryLimits {
  /** Of images and coefficients that stay in the workers' memory: what 32-bit addresses reach, less room for a run. */
  readonly held: number;
  /**
   * From which a source that is sampled once stays with the caller: a copy of it would be half of input and output
   * together, which counts where they are large.
   */
  readonly streamedFrom: number;
  /**
   * Of the output and what it looks at, at a time, where the source stays with the caller: this part of input and output
   * together, and with what the process takes besides no more than `share` of them, within bounds. The larger, the less
   * is copied twice.
   */
  readonly brick: {
    readonly part: number;
    readonly share: number;
    /** What a process has beside volumes and bricks: Node.js with a host 65 MB, scratch memory, garbage. */
    readonly process: number;
    readonly least: number;
    readonly most: number;
    /** A lattice that is no larger stays whole in memory; of others a brick brings what it reads. */
    readonly keptLattice: number;
  };
}

export const LIMITS: MemoryLimits = {
  held: 3.5 * 2 ** 30,
  streamedFrom: 2 ** 26,
  brick: {
    part: 1 / 6,
    share: 0.3, // memory is promised to peak at 1.3 times input and output
    process: 115e6,
    least: 2 ** 25,
    most: 2 ** 30,
    keptLattice: 2 ** 22,
  },
};

/**
 * Does a source stay with the caller, to be read box by box as the parts of the output need them? One that is sampled once
 * and large, or that does not fit; but not one that points are scattered over. SciPy's wrap joins ends that mirror, which
 * no box of coefficients does.
 */
export function isStreamed(operation: Resample, limits: MemoryLimits): boolean {
  const { source, demand, boundary } = operation;
  if (demand.samples === 'points' || demand.maps.includes('points')) return false;
  if (coefficientsOf(operation) !== undefined && boundary.kind === 'wrap') return false;
  const isLarge = source.data.byteLength > limits.streamedFrom && demand.runs === 1;
  return isLarge || residentBytes(operation) > limits.held;
}

/** Of the whole source, or its coefficients, in the workers' memory. */
export const residentBytes = (operation: Resample): number =>
  voxelCount(sampleAxes(operation).map(({ count }) => count)) * bytesPerSample(operation);

/** Of a brick, for so many bytes of input and output. */
export function brickBytes({ brick }: MemoryLimits, bytes: number): number {
  const { part, share, process, least, most } = brick;
  return Math.max(least, Math.min(most, bytes * part, bytes * share - process));
}
