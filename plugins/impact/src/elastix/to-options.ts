import type { Json } from '@voxhost/sdk';
import { badArgument } from '../bad-argument.js';
import { levelEntries, ordinary, type Reading, requireEntries, toNumbers } from './read-level.js';

/** Options of this metric, and what a user of elastix should know of how they came about. */
export interface FromElastix {
  readonly options: { readonly [name: string]: Json };
  readonly notes: readonly string[];
}

type Side = 'Fixed' | 'Moving';

/** The `Impact...` parameters of one level of an elastix parameter map. Throws `BAD_ARGUMENT`. */
export function optionsFromElastix(
  map: Reading['map'],
  { level, lenient }: { level: number; lenient: boolean },
): FromElastix {
  const notes: string[] = [];
  const note = (text: string): void => {
    if (!notes.includes(text)) notes.push(text);
  };
  const reading: Reading = { map, level, lenient, note };
  const mode = modeOf(reading);
  const fixed = modelsOf(reading, 'Fixed', mode);
  const hasOwn = [...map.keys()].some((name) => name.startsWith('ImpactMoving'));
  const moving = hasOwn ? modelsOf(reading, 'Moving', mode) : undefined;
  const count = fixed.reduce((n, { layersMask }) => n + layersMask.replaceAll('0', '').length, 0);
  const layers = layersOf(reading, mode, count);
  noteDifferences(reading, mode);
  return {
    options: {
      mode,
      models: fixed,
      ...(moving && { movingModels: moving }),
      layers,
      provider: providerOf(reading),
      ...outputOf(reading, mode),
    },
    notes,
  };
}

function modeOf(reading: Reading): 'static' | 'jacobian' {
  const mode = ordinary(reading, 'ImpactMode') ?? 'Jacobian';
  if (mode === 'Static') return 'static';
  if (mode === 'Jacobian') return 'jacobian';
  throw badArgument('parameterMap.ImpactMode', `is "${mode}", not "Static" or "Jacobian"`);
}

interface ElastixModel {
  readonly [name: string]: Json;
  readonly layersMask: string;
}

function modelsOf(reading: Reading, side: Side, mode: string): readonly ElastixModel[] {
  const paths = levelEntries(reading, side, 'ModelsPath');
  if (paths === undefined || paths.length === 0) {
    const reason = `is missing, and so is Impact${side}ModelsPath${reading.level}`;
    throw badArgument(`parameterMap.ImpactModelsPath${reading.level}`, reason);
  }
  const numbers = (name: string, count: number) =>
    toNumbers(requireEntries(reading, side, [name, count]), `Impact${name}${reading.level}`);
  const dimensions = numbers('Dimension', paths.length);
  const channels = numbers('NumberOfChannels', paths.length);
  const axes = dimensions.reduce((sum, d) => sum + d, 0);
  const imageDimension = Number(ordinary(reading, 'FixedImageDimension') ?? 3);
  const patch = groups(numbers('PatchSize', axes), dimensions);
  const perModel = mode === 'static' ? paths.map(() => imageDimension) : dimensions;
  const voxelCount = perModel.reduce((sum, d) => sum + d, 0);
  const voxel = groups(numbers('VoxelSize', voxelCount), perModel);
  const masks = requireEntries(reading, side, ['LayersMask', paths.length]);
  return paths.map((path, k) => ({
    model: onnxOf(reading, path),
    dimension: dimensions[k],
    channels: channels[k],
    patchSize: patch[k],
    voxelSize: voxel[k],
    layersMask: [...masks[k]].map((digit) => (digit === '1' ? '1' : '0')).join(''),
  }));
}

/** Consecutive entries, as many for each model as it has dimensions. */
function groups(
  values: readonly number[],
  sizes: readonly number[],
): readonly (readonly number[])[] {
  let at = 0;
  return sizes.map((size) => {
    at += size;
    return values.slice(at - size, at);
  });
}

function onnxOf({ note }: Reading, path: string): string {
  if (!/\.pt$/i.test(path)) return path;
  const onnx = path.replace(/\.pt$/i, '.onnx');
  note(`${path} is TorchScript, which only elastix runs; its export ${onnx} is used`);
  return onnx;
}

function layersOf(reading: Reading, mode: string, count: number): Json {
  const { level, note } = reading;
  const entries = (name: string) => requireEntries(reading, 'Fixed', [name, count]);
  const subset = toNumbers(entries('SubsetFeatures'), `ImpactSubsetFeatures${level}`);
  const pca = toNumbers(entries('PCA'), `ImpactPCA${level}`);
  const weight = toNumbers(entries('LayersWeight'), `ImpactLayersWeight${level}`);
  const distances = entries('Distance');
  if (mode === 'jacobian' && pca.some((components) => components > 0)) {
    note('ImpactPCA does nothing in Jacobian mode, in elastix silently so; it is left out');
  }
  return distances.map((distance, k) => ({
    distance,
    weight: weight[k],
    subset: Math.max(1, subset[k]),
    pca: mode === 'jacobian' ? 0 : pca[k],
  }));
}

function providerOf(reading: Reading): string {
  const gpu = Number(ordinary(reading, 'ImpactGPU') ?? -1);
  if (gpu < 0) return 'cpu';
  if (gpu > 0) reading.note(`ImpactGPU ${gpu}: the first CUDA device that is visible is used`);
  return 'cuda';
}

function outputOf(reading: Reading, mode: string): { readonly featureMaps?: string } {
  const old = ordinary(reading, 'ImpactWriteFeatureMaps');
  if (old !== undefined) {
    reading.note('ImpactWriteFeatureMaps is now called ImpactFeatureMapOutputDirectory');
  }
  const folder = ordinary(reading, 'ImpactFeatureMapOutputDirectory') ?? old;
  if (folder === undefined || folder === '' || folder === 'false') return {};
  if (folder === 'true') {
    reading.note(
      'feature maps: "true" is no folder (elastix makes one of that name); none are written',
    );
    return {};
  }
  if (mode === 'static') return { featureMaps: folder };
  reading.note('feature maps are written in Static mode only, as in elastix');
  return {};
}

/** What elastix does otherwise, where the map makes it matter. */
function noteDifferences(reading: Reading, mode: string): void {
  const { note } = reading;
  if (ordinary(reading, 'ImpactUseMixedPrecision') === 'true') {
    note(
      'ImpactUseMixedPrecision is left out: float16 is no faster on a CPU; export a float16 model for a GPU',
    );
  }
  if (Number(ordinary(reading, 'ImpactFeaturesMapUpdateInterval') ?? -1) > 0) {
    note(
      'ImpactFeaturesMapUpdateInterval is left out: moving maps are made on the moving grid and never warped',
    );
  }
  if (mode === 'static') {
    note(
      'moving maps are made on the moving grid; elastix warps them and then applies the transform again',
    );
  }
  const seed = ordinary(reading, 'RandomSeed');
  if (seed !== undefined && seed !== '0')
    note(`RandomSeed ${seed}: pass it to each run as { seed: ${seed} }`);
  const distances = levelEntries(reading, 'Fixed', 'Distance') ?? [];
  for (const name of ['Cosine', 'L1Cosine']) {
    if (distances.includes(name))
      note(`${name} has its true gradient here; that of elastix 5.3 is another`);
  }
  if (distances.includes('L1') || distances.includes('L2')) {
    note(
      "elastix scales L1 and L2 so that each level starts at 1: pass the first run's details.scales to the others",
    );
  }
}
