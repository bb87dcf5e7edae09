import type { Operation } from '@voxhost/sdk';

/** Says of operations whether they are of one shape: the same in all that ranking and predictions look at, in one text. */
export function operationShape(operation: Operation): string {
  const { maps, samples, perRun, runs } = operation.demand;
  const demand = [...maps, samples, perRun, runs];
  if (operation.kind === 'metric') {
    const { name, fixed, moving, derivative, fixedMask, movingMask } = operation;
    const images = [fixed, moving].map((i) => [i.pixelType, i.channels, ...i.grid.size]);
    const masks = [fixedMask, movingMask].map((mask) => mask?.pixelType);
    return JSON.stringify([name, images, masks, derivative, demand]);
  }
  const { source, interpolator, boundary, pixelType, gradient } = operation;
  const image = [source.pixelType, source.channels, ...source.grid.size];
  return JSON.stringify([interpolator, boundary.kind, image, pixelType, gradient, demand]);
}
