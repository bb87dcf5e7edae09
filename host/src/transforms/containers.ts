import {
  flag,
  is,
  isListThat,
  numbers,
  optional,
  record,
  requireArgument,
  show,
} from '@voxhost/sdk/arguments';
import { requireOverrides } from '../lazy/overrides.js';
import type { RandomStream } from '../lazy/random-stream.js';
import type { ContainerTransform, Overrides, Transform } from '../lazy/transform.js';
import { CONTAINER, TRANSFORMS } from '../lazy/transform-rules.js';
import type { RulesOf } from '../request-rules.js';
import { bad } from './define.js';

/** What every container may say; absent: as outside. */
export interface ContainerOptions {
  readonly lazy?: boolean | null;
  readonly overrides?: Overrides;
}

const COUNTS = is(
  'a whole number of at least 0, or two of them',
  (v) => isCount(v) || (Array.isArray(v) && v.length === 2 && v.every(isCount) && v[0] <= v[1]),
);
const isCount = (value: unknown): boolean => Number.isSafeInteger(value) && (value as number) >= 0;

/** Some are of single containers; each is given only what its own type has. */
const OPTIONS = record({
  ...CONTAINER,
  num_transforms: optional((v) => (v === null ? undefined : COUNTS(v))),
  replace: optional(flag),
  weights: optional((v) => (v === null ? undefined : numbers(v))),
} satisfies RulesOf<SomeOfOptions>);

/** Transforms that run as one; `pick` says which of them, in which order. */
export function container(
  name: string,
  transforms: readonly Transform[],
  options: ContainerOptions,
  pick: (random: RandomStream) => readonly Transform[],
): ContainerTransform {
  const { lazy, overrides } = options;
  return Object.freeze({
    kind: 'container',
    name,
    params: {},
    transforms,
    ...(lazy !== undefined && { lazy }),
    ...(overrides && { overrides }),
    pick,
  });
}

/** One of the transforms, by weight. */
export const oneOf = (
  transforms: readonly Transform[],
  given?: readonly number[],
  options: ContainerOptions = {},
): ContainerTransform => {
  requireHeld(transforms, options);
  const weights = given ?? transforms.map(() => 1);
  requireWeights(transforms, weights);
  return container('OneOf', transforms, options, (random) => drawn(random, transforms, weights, 1));
};

export interface SomeOfOptions extends ContainerOptions {
  /** How many, or from how many to how many. Default all. */
  readonly num_transforms?: number | readonly [number, number] | null;
  /** May one be taken twice? Default false. */
  readonly replace?: boolean;
  readonly weights?: readonly number[] | null;
}

/** Some of the transforms, in the order they are drawn. */
export function someOf(
  transforms: readonly Transform[],
  options: SomeOfOptions = {},
): ContainerTransform {
  requireHeld(transforms, options);
  const weights = options.weights ?? transforms.map(() => 1);
  requireWeights(transforms, weights);
  const asked = options.num_transforms ?? transforms.length;
  const [least, most] = typeof asked === 'number' ? [asked, asked] : asked;
  return container('SomeOf', transforms, options, (random) => {
    const count = least + random.below(most - least + 1);
    if (options.replace !== true) return drawn(random, transforms, weights, count);
    return Array.from({ length: count }, () => drawn(random, transforms, weights, 1)).flat();
  });
}

/** All of the transforms, in a drawn order. */
export function randomOrder(
  transforms: readonly Transform[],
  options: ContainerOptions = {},
): ContainerTransform {
  requireHeld(transforms, options);
  const equal = transforms.map(() => 1);
  return container('RandomOrder', transforms, options, (random) =>
    drawn(random, transforms, equal, transforms.length),
  );
}

/** `count` different ones, one after another by weight. */
function drawn(
  random: RandomStream,
  transforms: readonly Transform[],
  weights: readonly number[],
  count: number,
): readonly Transform[] {
  const left = transforms.map((transform, i) => ({ transform, weight: weights[i] }));
  return Array.from({ length: Math.min(count, transforms.length) }, () => {
    let rest = random.uniform(
      0,
      left.reduce((sum, { weight }) => sum + weight, 0),
    );
    const at = left.findIndex(({ weight }) => {
      rest -= weight;
      return rest < 0;
    });
    const [taken] = left.splice(at < 0 ? left.length - 1 : at, 1);
    return taken.transform;
  });
}

function requireHeld(transforms: readonly Transform[], options: ContainerOptions): void {
  requireArgument('transforms', transforms, TRANSFORMS);
  requireArgument('options', options, OPTIONS);
  requireOverrides(options.overrides ?? {});
}

function requireWeights(transforms: readonly Transform[], weights: readonly number[]): void {
  if (transforms.length === 0) throw bad('transforms', 'is empty');
  const isWeight = (w: number): boolean => Number.isFinite(w) && w >= 0;
  if (!isListThat(weights, isWeight) || weights.length !== transforms.length) {
    throw bad('weights', `${show(weights)} are not ${transforms.length} weights`);
  }
}
