import { createImage, type Image, type RunOptions, VoxhostError } from '@voxhost/sdk';
import {
  callback,
  isObject,
  optional,
  type Rules,
  reading,
  requireArgument,
  show,
  signal,
  without,
} from '@voxhost/sdk/arguments';

/** A rule for every field of a type, so that neither goes without the other. */
export type RulesOf<T> = Rules & { readonly [F in keyof Required<T>]: Rules[string] };

export const RUN_RULES: RulesOf<RunOptions> = {
  signal: optional(signal),
  progress: optional(callback),
};

const IMAGE = without((value) => (isObject(value) ? undefined : 'is no image'));

/** An image whose fields fit each other, as `createImage` makes it. Throws `BAD_GRID` or `BAD_IMAGE`. */
export function requireImage(argument: string, image: Image): void {
  requireArgument(argument, image, IMAGE);
  const [found, pixelType] = reading(argument, () => {
    const { grid, data, channels } = image;
    return [createImage(grid, data, channels).pixelType, image.pixelType];
  });
  if (found === pixelType) return;
  throw new VoxhostError('BAD_IMAGE', {
    field: 'data',
    reason: `is ${found}, where its pixelType is ${show(pixelType)}`,
  });
}
