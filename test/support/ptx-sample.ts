import { compiledPtx, whyNoFakeDriver } from './fake-driver.js';

/** Why kernels cannot be run from their PTX here; undefined where they can. */
export const whyNoPtx = (): string | undefined =>
  whyNoFakeDriver() ?? (compiledPtx() === undefined ? 'nvcc is not here' : undefined);

/** Set to `all`, tests that step through PTX take every case, which takes minutes: `npm run ptx-machine`. */
const VARIABLE = 'VOXHOST_PTX_CASES';
export const takesAll = process.env[VARIABLE] === 'all';

/**
 * Is this one of the cases that are run by default? They are the same ones every time.
 *
 * @param every - one of so many, by chance
 */
export function samplePtx(every: number): () => boolean {
  let state = 10;
  return () => {
    // Numerical Recipes in C, 2nd edition, section 7.1: the quick generator
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return takesAll || state / 2 ** 32 < 1 / every;
  };
}
