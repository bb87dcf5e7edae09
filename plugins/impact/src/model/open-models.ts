import type { Metric } from '@voxhost/sdk';
import { badArgument } from '../bad-argument.js';
import type { ImpactOptions, ModelOptions } from '../options/options.js';
import type { Engine } from '../session/engine.js';
import type { Memory } from '../session/messages.js';
import { featureNetwork } from './feature-network.js';
import { type OpenNetwork, openNetwork } from './open-network.js';
import { readModel } from './read-model.js';

/** The networks for both images; one that serves both is opened once. */
export interface OpenModels extends AsyncDisposable {
  readonly fixed: readonly OpenNetwork[];
  readonly moving: readonly OpenNetwork[];
}

/** @param derivative - also the way back through the moving image's networks */
export async function openModels(
  engine: Engine,
  operation: Metric,
  options: ImpactOptions,
  derivative: boolean,
): Promise<OpenModels> {
  const opened: OpenNetwork[] = [];
  const memory = options.mode === 'jacobian' ? 'pooled' : 'returned';
  const open = async (models: readonly ModelOptions[], name: string, back: boolean) => {
    const all: OpenNetwork[] = [];
    for (const [k, model] of models.entries()) {
      const network = await openOne(engine, operation, {
        model,
        name: `${name}[${k}]`,
        back,
        memory,
      });
      opened.push(network);
      all.push(network);
    }
    return all;
  };
  const { models, movingModels } = options;
  try {
    const fixed = await open(models, 'options.models', derivative && movingModels === undefined);
    const moving =
      movingModels === undefined
        ? fixed
        : await open(movingModels, 'options.movingModels', derivative);
    return { fixed, moving, [Symbol.asyncDispose]: () => disposeAll(opened) };
  } catch (error) {
    await disposeAll(opened);
    throw error;
  }
}

interface Wanted {
  readonly model: ModelOptions;
  readonly name: string;
  readonly back: boolean;
  readonly memory: Memory;
}

async function openOne(
  engine: Engine,
  { fixed }: Metric,
  { model, name, back, memory }: Wanted,
): Promise<OpenNetwork> {
  const imageDimension = fixed.grid.size.length === 2 ? 2 : 3;
  const read = await readModel(model.source, model.dimension ?? imageDimension);
  const network = featureNetwork(read, model, name);
  if (network.dimension > imageDimension) {
    const reason = `has dimension ${network.dimension}, the images have ${imageDimension}`;
    throw badArgument(name, reason);
  }
  if (network.isCanonical) {
    throw badArgument(name, 'wants canonically oriented patches, which is not supported yet');
  }
  return openNetwork(engine, network, { derivative: back, memory });
}

async function disposeAll(networks: readonly OpenNetwork[]): Promise<void> {
  await Promise.all(networks.map((network) => network[Symbol.asyncDispose]()));
}
