import type { RandomStream } from '../lazy/random-stream.js';
import type { ContainerTransform, Overrides, Transform } from '../lazy/transform.js';
import { bad } from './define.js';

/** What every container may say; absent: as outside. */
export interface ContainerOptions {
  readonly lazy?: boolean | null;
  readonly overrides?: Overrides;
}

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
  weights: readonly number[] = transforms.map(() => 1),
  options: ContainerOptions = {},
): ContainerTransform => {
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
export const randomOrder = (
  transforms: readonly Transform[],
  options: ContainerOptions = {},
): ContainerTransform =>
  container('RandomOrder', transforms, options, (random) =>
    drawn(
      random,
      transforms,
      transforms.map(() => 1),
      transforms.length,
    ),
  );

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

function requireWeights(transforms: readonly Transform[], weights: readonly number[]): void {
  if (transforms.length === 0) throw bad('transforms', 'is empty');
  if (weights.length !== transforms.length || weights.some((w) => !(w >= 0))) {
    throw bad('weights', `[${weights}] are not ${transforms.length} weights`);
  }
}
