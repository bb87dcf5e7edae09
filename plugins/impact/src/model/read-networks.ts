import type { Metric } from '@voxhost/sdk';
import { badArgument } from '../bad-argument.js';
import type { ImpactOptions, ModelOptions } from '../options/options.js';
import { type FeatureNetwork, featureNetwork } from './feature-network.js';
import { readModel } from './read-model.js';

/** The networks that look at both images, one after the other; the same objects where they are the same. */
export interface Networks {
  readonly fixed: readonly FeatureNetwork[];
  readonly moving: readonly FeatureNetwork[];
}

/** Reads and checks all models; needs no runtime. Throws `BAD_ARGUMENT` naming the model that is wrong. */
export async function readNetworks(operation: Metric, options: ImpactOptions): Promise<Networks> {
  const known = new Map<string, FeatureNetwork>();
  const readAll = async (models: readonly ModelOptions[], name: string) => {
    const networks: FeatureNetwork[] = [];
    for (const [k, model] of models.entries()) {
      const { source, dimension, channels, layers } = model;
      const key = JSON.stringify({ source, dimension, channels, layers });
      const network = known.get(key) ?? (await readOne(operation, model, `${name}[${k}]`));
      known.set(key, network);
      networks.push(network);
    }
    return networks;
  };
  const fixed = await readAll(options.models, 'options.models');
  const { movingModels = options.models } = options;
  return { fixed, moving: await readAll(movingModels, 'options.movingModels') };
}

async function readOne(
  { fixed }: Metric,
  model: ModelOptions,
  name: string,
): Promise<FeatureNetwork> {
  const imageDimension = fixed.grid.size.length === 2 ? 2 : 3;
  const read = await readModel(model.source, model.dimension ?? imageDimension);
  const network = featureNetwork(read, model, name);
  if (network.dimension > imageDimension) {
    const reason = `has dimension ${network.dimension}, the images have ${imageDimension}`;
    throw badArgument(name, reason);
  }
  if (network.isCanonical && network.dimension < imageDimension) {
    const reason = 'wants canonical orientation, which a slice of a volume has not';
    throw badArgument(name, reason);
  }
  return network;
}

/** Bytes of weights that the sessions of all networks hold; each has up to three. */
export const weightsOf = ({ fixed, moving }: Networks): number =>
  [...new Set([...fixed, ...moving])].reduce((sum, { bytes }) => sum + 3 * bytes, 0);
