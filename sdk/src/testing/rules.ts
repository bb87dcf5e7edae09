/** Number of a rule in sdk/README.md. */
export type Rule =
  | 'R1'
  | 'R2'
  | 'R3'
  | 'R4'
  | 'R5'
  | 'R6'
  | 'R7'
  | 'R8'
  | 'R9'
  | 'R10'
  | 'R11'
  | 'R12'
  | 'R13'
  | 'R14'
  | 'R15'
  | 'R16'
  | 'R17'
  | 'R18'
  | 'R19'
  | 'R20'
  | 'R21'
  | 'R22'
  | 'R23'
  | 'R24'
  | 'R25';

/**
 * What every backend keeps to, by the numbers of sdk/README.md; each has at least one conformance case.
 * The sentences are those of the README, word for word.
 */
export const RULES: { readonly [R in Rule]: string } = {
  R1: 'What the capabilities claim, `supports` accepts on a small image, with the memory it needs, and `prepare` prepares.',
  R2: '`supports` never accepts what the capabilities do not claim; it names the first axis that fails, and `prepare` rejects with `UNSUPPORTED` and that axis.',
  R3: 'Values agree with the reference within the numerics that the block states, far away and at positions that are no number, too.',
  R4: 'An interpolator that chooses a sample (nearest, nearest-even, label-linear) gives it exactly, also where float32 could not hold it.',
  R5: 'A block has the bits of its part of the whole, and points those of the block they stand for.',
  R6: 'The map is evaluated at the absolute output index, in float64, however far that index is.',
  R7: 'Any size works: one voxel, one row, primes, fewer samples than a vector register holds.',
  R8: 'Channels are independent and planar.',
  R9: 'Integer output is rounded half to even and saturated; NaN becomes 0.',
  R10: 'A source that is not finite is refused for a prefiltered B-spline with `BAD_IMAGE`.',
  R11: 'The gradient is the derivative of the interpolant per input index, in planes after the values.',
  R12: 'Runs of one Prepared are answered in call order; different Prepareds do not wait for each other.',
  R13: 'The same run gives the same bits, where the block says so.',
  R14: 'Inputs are never written.',
  R15: '`into` becomes the result: all of it is written, and nothing else.',
  R16: '`into` of another type or length, or in the memory of an input, is refused with `BAD_ARGUMENT` before anything is written.',
  R17: 'A result without `into` belongs to the caller: no later run changes it.',
  R18: 'A map or samples that do not fit are refused with `BAD_ARGUMENT`, and the Prepared stays usable.',
  R19: 'An aborted prepare or run rejects with the reason of the signal, and the Prepared stays usable.',
  R20: 'Progress goes from 0 to 1 and is silent once the run has settled.',
  R21: 'Disposing waits for the run in progress and rejects queued and later ones with `DISPOSED`; disposing again does nothing; a disposed backend prepares nothing.',
  R22: "A metric's value and number of samples, and its derivative by the map's free parameters, agree with the reference within the numerics that the block states.",
  R23: 'The derivative has the shape of the free parameters: matrix, lattice data or positions; a sequence has none, and nothing is given that was not asked for.',
  R24: 'A sample is valid inside the fixed mask, the moving image and the moving mask, where all values are finite; without one the value is NaN and the derivative 0; constant images are flat.',
  R25: 'Every run may bring other points: a Prepared answers them as one made for them would.',
};
