import {
  type Image,
  type Metric,
  type PreparedParts,
  type Resampled,
  voxelCount,
} from '@voxhost/sdk';
import { badArgument } from '../bad-argument.js';
import { type Layer, planLayers } from '../combine.js';
import { sideOf } from '../jacobian/eye.js';
import type { Preparation } from '../mode.js';
import { type FeatureMaps, featureMaps } from './feature-maps.js';
import { type LayerMaps, prepareLayer } from './layer-maps.js';
import { reducedMaps } from './reduced-maps.js';
import { runStatic, type Static } from './run-static.js';
import { writeMaps } from './write-maps.js';

const MIB = 2 ** 20;

/** Features of a layer at every fixed voxel that are kept between runs: 64 MiB. */
const KEPT_FEATURES = 2 ** 24;

/** Both images go through their networks once; the maps go to the resampler, and the networks are closed. */
export async function prepareStatic(preparation: Preparation): Promise<PreparedParts<'metric'>> {
  const { operation, options, models, context } = preparation;
  const { fixed, moving } = await allMaps(preparation);
  const found = layersOf(preparation, fixed);
  await models[Symbol.asyncDispose]();
  const layers = planLayers(found, options.layers);
  const fixedMaps = fixed.flatMap(({ maps }) => maps);
  const movingMaps = moving.flatMap(({ maps }) => maps);
  const reduced = layers.map((layer, l) => reducedMaps(layer, fixedMaps[l], movingMaps[l]));
  if (options.featureMaps !== undefined) {
    await writeMaps(options.featureMaps, { layers, fixed, moving, reduced });
  }
  const maps: LayerMaps[] = [];
  for (const [one, other] of reduced) maps.push(await prepareLayer(preparation, one, other));
  context.log('debug', `${maps.length} layers of feature maps are resident`);
  const fixedGrid = keptSamples(operation, layers);
  return {
    run: (map, run) =>
      runStatic({ operation, layers, maps, fixedGrid, samples: options.samples }, map, run),
    async dispose() {
      const open = maps.flatMap((layer) => [layer.fixed, layer.moving]);
      await Promise.all(open.map((prepared) => prepared[Symbol.asyncDispose]()));
    },
  };
}

/** The maps of every model over both images. */
async function allMaps(preparation: Preparation) {
  const fixed: FeatureMaps[] = [];
  const moving: FeatureMaps[] = [];
  for (const k of preparation.options.models.keys()) {
    const [one, other] = await bothMaps(preparation, k);
    requireAlike(one, other, k);
    fixed.push(one);
    moving.push(other);
  }
  return { fixed, moving };
}

/** Every layer of every model, by its network's name and its own. */
const layersOf = ({ models }: Preparation, fixed: readonly FeatureMaps[]) =>
  models.fixed.flatMap(({ network }, k) =>
    network.layers.map((layer, l) => ({
      name: `${network.name}:${layer}`,
      channels: fixed[k].maps[l].channels,
    })),
  );

/** What was sampled of a layer before, or what is sampled now; what failed is forgotten. */
function keptSamples({ fixed }: Metric, layers: readonly Layer[]): Static['fixedGrid'] {
  const voxels = voxelCount(fixed.grid.size);
  const isKept = layers.map(({ channels }) => channels * voxels <= KEPT_FEATURES);
  const known = new Map<string, Resampled>();
  return async (layer, k, sample) => {
    const key = `${layer} ${k}`;
    const found = known.get(key) ?? (await sample());
    if (isKept[layer]) known.set(key, found);
    return found;
  };
}

async function bothMaps(
  { context, operation, options, models, signal }: Preparation,
  k: number,
): Promise<readonly [FeatureMaps, FeatureMaps]> {
  const memoryBytes = options.memoryMiB * MIB;
  const model = options.models[k];
  const request = { context, memoryBytes, signal };
  const { fixed, moving } = operation;
  const ofFixed = { side: sideOf(models.fixed[k], fixed), image: fixed, model };
  const one = await featureMaps({ ...request, ...ofFixed });
  const ofMoving = {
    side: sideOf(models.moving[k], moving),
    image: moving,
    model: withFixedVoxels(options.movingModels?.[k] ?? model, fixed),
  };
  return [one, await featureMaps({ ...request, ...ofMoving })];
}

/** Both images are seen at one scale, unless the caller says otherwise. */
const withFixedVoxels = (
  model: Preparation['options']['models'][number],
  fixed: Image,
): Preparation['options']['models'][number] => ({
  ...model,
  voxelSize: model.voxelSize ?? fixed.grid.spacing,
});

function requireAlike(fixed: FeatureMaps, moving: FeatureMaps, k: number): void {
  const channels = (all: FeatureMaps) => all.maps.map((map) => map.channels).join(', ');
  if (channels(fixed) === channels(moving)) return;
  const reason = `gives maps of ${channels(moving)} channels where the fixed model gives ${channels(fixed)}`;
  throw badArgument(`options.movingModels[${k}]`, reason);
}
