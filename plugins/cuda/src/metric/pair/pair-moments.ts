import type { AffineMap } from '@voxhost/sdk';
import { isConstant } from '../is-constant.js';
import { type Pair, type PairSumming, sumPair } from './pair-sums.js';

/** One run of a pair, as far as every metric needs it. */
export interface PairRun extends Pick<PairSumming, 'most' | 'signal'> {
  readonly map: AffineMap;
  readonly derivative: boolean;
}

/** What a metric says of a pair of one channel. */
export interface PairFigure {
  readonly count: number;
  /** The plain figure, of no meaning where nothing counts. */
  readonly figure: number;
  /** Of the figure by the map's matrix, 3 x 4; where it was asked for. */
  readonly derivative: Float64Array | undefined;
}

/** Parameters of an affine in space. */
export const PARAMETERS = 12;

type Shifts = NonNullable<PairSumming['shifts']>;

/** (1/N) Σ (m - f)²: see moment-measures.ts. */
export async function pairSquares(pair: Pair, run: PairRun): Promise<PairFigure> {
  const { derivative } = run;
  const sums = await sumPair(pair, {
    ...run,
    kernel: derivative ? 'pair_squares_slopes' : 'pair_squares',
    columns: derivative ? 2 + PARAMETERS : 2,
  });
  const [count, squares] = sums;
  return {
    count,
    figure: squares / count,
    derivative: derivative ? sums.subarray(2).map((sum) => (2 * sum) / count) : undefined,
  };
}

/** Sums before those by parameters: samples, f, m, f f, m m, f m. */
const PRODUCTS = 6;

/**
 * Part of the squares about a shift that those about the mean must be, or the sums are made once more about the mean:
 * float64 has 10 digits then.
 */
const DOUBT = 1e-6;

/** s_fm / √(s_ff s_mm): see moment-measures.ts. All sums are made in one pass, about a value amid those of each image. */
export async function pairCorrelation(
  pair: Pair,
  run: PairRun,
  shifts: Shifts,
): Promise<PairFigure> {
  const first = await productsAbout(pair, run, shifts);
  const { count, f, m } = first;
  if (count === 0) return { count, figure: 0, derivative: undefined };
  const isInDoubt =
    first.sff <= DOUBT * (first.sff + count * f * f) ||
    first.smm <= DOUBT * (first.smm + count * m * m);
  const sums = isInDoubt ? await productsAbout(pair, run, [shifts[0] + f, shifts[1] + m]) : first;
  const { sff, smm, sfm } = sums;
  if (isConstant(sff, count, sums.fixedSize) || isConstant(smm, count, sums.movingSize))
    return {
      count,
      figure: 0,
      derivative: run.derivative ? new Float64Array(PARAMETERS) : undefined,
    };
  const scale = Math.sqrt(sff) * Math.sqrt(smm);
  const figure = sfm / scale;
  const { byF, byM, byOne } = sums;
  // The slope by a moving value, f'/scale - figure m'/smm, with what the shifts left of the means.
  const rest = sums.f / scale - (figure * sums.m) / smm;
  const derivative = byOne.map((one, p) => byF[p] / scale - (figure * byM[p]) / smm - rest * one);
  return { count, figure, derivative: run.derivative ? derivative : undefined };
}

/** Sums of products less their means, of what is left of the values; means are of that too. */
interface Products {
  readonly count: number;
  readonly f: number;
  readonly m: number;
  readonly sff: number;
  readonly smm: number;
  readonly sfm: number;
  /** About the size of the values. */
  readonly fixedSize: number;
  readonly movingSize: number;
  /** Σ f, m and 1 times the slope by each parameter. */
  readonly byF: Float64Array;
  readonly byM: Float64Array;
  readonly byOne: Float64Array;
}

async function productsAbout(pair: Pair, run: PairRun, shifts: Shifts): Promise<Products> {
  const { derivative } = run;
  const sums = await sumPair(pair, {
    ...run,
    kernel: derivative ? 'pair_products_slopes' : 'pair_products',
    columns: derivative ? PRODUCTS + 3 * PARAMETERS : PRODUCTS,
    shifts,
  });
  const [count, f, m, ff, mm, fm] = sums;
  const kind = (which: number): Float64Array =>
    sums.subarray(PRODUCTS + which * PARAMETERS, PRODUCTS + (which + 1) * PARAMETERS);
  return {
    count,
    f: f / count,
    m: m / count,
    sff: ff - (f * f) / count,
    smm: mm - (m * m) / count,
    sfm: fm - (f * m) / count,
    fixedSize: Math.abs(shifts[0]) + Math.sqrt(ff / count),
    movingSize: Math.abs(shifts[1]) + Math.sqrt(mm / count),
    byF: kind(0),
    byM: kind(1),
    byOne: kind(2),
  };
}
