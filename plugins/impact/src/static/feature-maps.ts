import { affineMap, type Context, createImage, type Image, type Metric } from '@voxhost/sdk';
import { badArgument } from '../bad-argument.js';
import { perAxis, type Side } from '../jacobian/eye.js';
import type { ModelOptions } from '../options/options.js';
import { canonicalTurn, inverseTurn, turnedAxes } from '../sampling/orientation.js';
import { denseFeatures, type Passage } from './dense-features.js';
import { featureGrid, gridSize } from './feature-grid.js';
import { turned, type Volume } from './volume.js';

/** Maps of one network over one image. */
export interface FeatureMaps {
  /** What the network saw. */
  readonly input: Image;
  /** One image per layer, its channels the features. */
  readonly maps: readonly Image[];
}

/** Who looks at which image, and how. */
export interface MapRequest {
  readonly context: Context;
  readonly side: Side;
  readonly image: Image;
  readonly model: ModelOptions;
  readonly memoryBytes: number;
  readonly signal: AbortSignal | undefined;
}

/** The image at the model's voxel size, by cubic B-spline, then through the network. */
export async function featureMaps(request: MapRequest): Promise<FeatureMaps> {
  const { context, side, image, model, memoryBytes, signal } = request;
  const dims = image.grid.size.length;
  const voxel = perAxis(model.voxelSize ?? image.grid.spacing, dims);
  if (voxel === undefined) {
    throw badArgument('options.voxelSize', `[${model.voxelSize}] must be ${dims} lengths`);
  }
  const { dimension } = side.open.network;
  const patch = perAxis(model.patchSize ?? [0], dimension);
  if (patch === undefined) {
    throw badArgument('options.patchSize', `[${model.patchSize}] must be ${dimension} lengths`);
  }
  const size = gridSize(image.grid, voxel);
  const data = await sampleOnGrid(request, size, voxel);
  const input = createImage(featureGrid(image.grid, voxel, [size, size]), data);
  const volume: Volume = { channels: 1, size: [...size].reverse(), data };
  const passage = { context, tile: [...patch].reverse(), memoryBytes, signal };
  const features = await turnedFeatures(request, volume, passage);
  const maps = features.map((layer) => {
    const found = [...layer.size].reverse();
    return createImage(featureGrid(image.grid, voxel, [size, found]), layer.data, layer.channels);
  });
  return { input, maps };
}

/** The features of a network that wants canonical orientation, with the axes of the image again. */
async function turnedFeatures(
  { side, image }: MapRequest,
  volume: Volume,
  passage: Passage,
): Promise<readonly Volume[]> {
  if (!side.open.network.isCanonical) return denseFeatures(side, volume, passage);
  const turn = canonicalTurn(image.grid.direction, volume.size.length);
  const tile = turnedAxes(passage.tile, turn);
  const features = await denseFeatures(side, turned(volume, turn), { ...passage, tile });
  return features.map((layer) => turned(layer, inverseTurn(turn)));
}

async function sampleOnGrid(
  { context, image, signal }: MapRequest,
  size: readonly number[],
  voxel: readonly number[],
): Promise<Float32Array> {
  const dims = size.length;
  const matrix = new Float64Array(dims * (dims + 1));
  for (let a = 0; a < dims; a++) matrix[a * (dims + 1) + a] = voxel[a] / image.grid.spacing[a];
  const perRun = size.reduce((n, s) => n * s, 1);
  await using prepared = await context.prepare(
    {
      kind: 'resample',
      source: image,
      interpolator: 'bspline3',
      boundary: { kind: 'mirror' },
      pixelType: 'float32',
      gradient: false,
      demand: { maps: ['affine'], samples: 'grid', perRun, runs: 1 },
    },
    signal,
  );
  const { data } = await prepared.run(affineMap(matrix), {
    samples: { size },
    ...(signal && { signal }),
  });
  return data as Float32Array;
}

/** The metric's demand turned into that of a map's sampler: points, listed or where they lie, are scaled to its voxels. */
export const mapDemand = ({ demand }: Metric) => ({
  maps: [...new Set([...(demand.samples === 'grid' ? demand.maps : []), 'affine' as const])],
  samples: demand.samples,
  perRun: demand.perRun,
  runs: demand.runs,
});
