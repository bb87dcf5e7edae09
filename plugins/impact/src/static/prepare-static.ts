import { type Image, type Prepared, type Resampled, voxelCount } from '@voxhost/sdk';
import { badArgument } from '../bad-argument.js';
import { type Layer, planLayers } from '../combine.js';
import { sideOf } from '../jacobian/eye.js';
import type { Preparation, Runner } from '../jacobian/prepare-jacobian.js';
import { type FeatureMaps, featureMaps, mapDemand } from './feature-maps.js';
import { type Basis, principalBasis, project } from './pca.js';
import { runStatic, type Static } from './run-static.js';
import type { Volume } from './volume.js';
import { writeMaps } from './write-maps.js';

/** One layer's maps, resident with the resampler. */
export interface LayerMaps {
  readonly fixed: Prepared<'resample'>;
  readonly moving: Prepared<'resample'>;
  /** Features per voxel of the image, along each axis. */
  readonly fixedRatio: readonly number[];
  readonly movingRatio: readonly number[];
}

const MIB = 2 ** 20;

/** Features of a layer at every fixed voxel that are kept between runs: 64 MiB. */
const KEPT_FEATURES = 2 ** 24;

/** Both images go through their networks once; the maps go to the resampler, and the networks are closed. */
export async function prepareStatic(preparation: Preparation): Promise<Runner> {
  const { operation, options, models, context } = preparation;
  const fixed: FeatureMaps[] = [];
  const moving: FeatureMaps[] = [];
  for (const k of options.models.keys()) {
    const [one, other] = await bothMaps(preparation, k);
    requireAlike(one, other, k);
    fixed.push(one);
    moving.push(other);
  }
  const found = models.fixed.flatMap(({ network }, k) =>
    network.layers.map((layer, l) => ({
      name: `${network.name}:${layer}`,
      channels: fixed[k].maps[l].channels,
    })),
  );
  await models[Symbol.asyncDispose]();
  const layers = planLayers(found, options.layers);
  const fixedMaps = fixed.flatMap(({ maps }) => maps);
  const movingMaps = moving.flatMap(({ maps }) => maps);
  const reduced = layers.map((layer, l) => reducedMaps(layer, fixedMaps[l], movingMaps[l]));
  if (options.featureMaps !== undefined) {
    await writeMaps(options.featureMaps, { layers, fixed, moving, reduced });
  }
  const open: Prepared<'resample'>[] = [];
  const maps: LayerMaps[] = [];
  const ratio = (image: Image, map: Image) =>
    image.grid.spacing.map((mm, a) => mm / map.grid.spacing[a]);
  for (const [one, other] of reduced) {
    const ofFixed = await prepareMap(preparation, one, false);
    const ofMoving = await prepareMap(preparation, other, operation.derivative);
    open.push(ofFixed, ofMoving);
    maps.push({
      fixed: ofFixed,
      moving: ofMoving,
      fixedRatio: ratio(operation.fixed, one),
      movingRatio: ratio(operation.moving, other),
    });
  }
  const isKept = layers.map(
    ({ channels }) => channels * voxelCount(operation.fixed.grid.size) <= KEPT_FEATURES,
  );
  const fixedGrid = keptSamples(isKept);
  context.log('debug', `${maps.length} layers of feature maps are resident`);
  return {
    run: (map, run) =>
      runStatic({ operation, layers, maps, fixedGrid, samples: options.samples }, map, run),
    async [Symbol.asyncDispose]() {
      await Promise.all(open.map((prepared) => prepared[Symbol.asyncDispose]()));
    },
  };
}

/** What was sampled of a layer before, or what is sampled now; what failed is forgotten. */
function keptSamples(isKept: readonly boolean[]): Static['fixedGrid'] {
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

/** Both maps in the fixed map's principal directions, or as they are. */
function reducedMaps({ pca }: Layer, fixed: Image, moving: Image): readonly [Image, Image] {
  if (pca === 0) return [fixed, moving];
  const basis = principalBasis(volumeOf(fixed), pca);
  return [inBasis(fixed, basis), inBasis(moving, basis)];
}

const volumeOf = ({ grid, channels, data }: Image): Volume => ({
  channels,
  size: [...grid.size].reverse(),
  data: data as Float32Array,
});

function inBasis(image: Image, basis: Basis): Image {
  const { data } = project(volumeOf(image), basis);
  return { ...image, channels: basis.components, data };
}

const prepareMap = (
  { context, operation, signal }: Preparation,
  source: Image,
  gradient: boolean,
): Promise<Prepared<'resample'>> =>
  context.prepare(
    {
      kind: 'resample',
      source,
      interpolator: 'bspline3',
      boundary: { kind: 'mirror' },
      pixelType: 'float32',
      gradient,
      demand: mapDemand(operation),
    },
    signal,
  );
