import { cosine } from './cosine.js';
import { dice } from './dice.js';
import type { Distance } from './distance.js';
import { dotProduct } from './dot-product.js';
import { l1 } from './l1.js';
import { l1Cosine } from './l1-cosine.js';
import { l2 } from './l2.js';
import { ncc } from './ncc.js';

/** The distances by the names that IMPACT gives them; capitals count. */
export const DISTANCES = {
  L1: l1,
  L2: l2,
  Cosine: cosine,
  L1Cosine: l1Cosine,
  Dice: dice,
  NCC: ncc,
  DotProduct: dotProduct,
} as const satisfies Record<string, Distance>;

export type DistanceName = keyof typeof DISTANCES;

export const DISTANCE_NAMES: readonly DistanceName[] = Object.keys(DISTANCES) as DistanceName[];

export const isDistanceName = (name: unknown): name is DistanceName =>
  typeof name === 'string' && Object.hasOwn(DISTANCES, name);

export type { Distance, FeaturePair } from './distance.js';
