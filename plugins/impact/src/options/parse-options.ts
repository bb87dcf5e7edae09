import type { Json } from '@voxhost/sdk';
import { badArgument } from '../bad-argument.js';
import { DISTANCE_NAMES } from '../distances/index.js';
import type {
  ImpactOptions,
  ImpactRunOptions,
  LayerOptions,
  ModelOptions,
  ModelSource,
} from './options.js';
import { OptionReader } from './read.js';

const MODES = ['jacobian', 'static'] as const;
const DEFAULT_MEMORY_MIB = 4096;

/**
 * The metric's options as a caller writes them. Besides the full form, with `models` and `layers` as lists of
 * objects, one model and one layer may be written flat: `{ model: 'mind', distance: 'L2', patchSize: 7 }`.
 *
 * @throws `BAD_ARGUMENT` naming the option that is wrong
 */
export function parseOptions(value: Json): ImpactOptions {
  const reader = new OptionReader('options', value ?? {});
  const mode = reader.word('mode', MODES) ?? 'jacobian';
  const models = parseModels(reader, 'models') ?? [parseModel(reader, 'model')];
  const movingModels = parseModels(reader, 'movingModels');
  const layers = parseLayers(reader);
  const featureMaps = reader.text('featureMaps');
  const provider = reader.text('provider');
  const samples = reader.whole('samples', 1);
  const options: ImpactOptions = {
    mode,
    models,
    ...(movingModels && { movingModels }),
    layers,
    ...(samples !== undefined && { samples }),
    ...(provider !== undefined && { provider }),
    exactPatchJacobian: reader.truth('exactPatchJacobian') ?? false,
    memoryMiB: reader.number('memoryMiB') ?? DEFAULT_MEMORY_MIB,
    ...(featureMaps !== undefined && { featureMaps }),
  };
  reader.finish();
  requireConsistent(options);
  return options;
}

function requireConsistent({
  mode,
  models,
  movingModels,
  layers,
  featureMaps,
}: ImpactOptions): void {
  if (movingModels !== undefined && movingModels.length !== models.length) {
    const reason = `has ${movingModels.length} models where the fixed image has ${models.length}`;
    throw badArgument('options.movingModels', reason);
  }
  if (mode === 'static') return;
  if (layers.some((layer) => layer.pca > 0)) {
    throw badArgument(
      'options.pca',
      'keeps components of a whole map, which only mode "static" has',
    );
  }
  if (featureMaps !== undefined) {
    throw badArgument('options.featureMaps', 'writes whole maps, which only mode "static" has');
  }
  for (const [k, moving] of (movingModels ?? []).entries()) {
    if (
      `${moving.patchSize}` !== `${models[k].patchSize}` ||
      `${moving.voxelSize}` !== `${models[k].voxelSize}`
    ) {
      const reason =
        'must have the patch and voxel size of the fixed model: they share their points';
      throw badArgument(`options.movingModels[${k}]`, reason);
    }
  }
}

function parseModels(reader: OptionReader, name: string): readonly ModelOptions[] | undefined {
  const list = reader.list(name);
  if (list === undefined) return undefined;
  if (list.length === 0) throw reader.wrong(name, 'at least one model');
  return list.map((item, k) => {
    const path = `${reader.path(name)}[${k}]`;
    const model = new OptionReader(path, typeof item === 'string' ? { model: item } : item);
    const parsed = parseModel(model, 'model');
    model.finish();
    return parsed;
  });
}

function parseModel(reader: OptionReader, name: string): ModelOptions {
  const source = reader.text(name);
  if (source === undefined) {
    throw badArgument(reader.path(name), 'is missing; give "mind" or the path of an ONNX file');
  }
  const dimension = reader.number('dimension');
  if (dimension !== undefined && dimension !== 2 && dimension !== 3) {
    throw reader.wrong('dimension', '2 or 3');
  }
  const channels = reader.whole('channels', 1);
  const patchSize = reader.numbers('patchSize');
  if (patchSize?.some((n) => !Number.isSafeInteger(n) || n < 0)) {
    throw reader.wrong('patchSize', 'whole numbers of at least 0');
  }
  const voxelSize = reader.numbers('voxelSize');
  if (voxelSize?.some((mm) => mm <= 0)) throw reader.wrong('voxelSize', 'positive millimetres');
  const layers = layerNumbers(reader);
  return {
    source: modelSource(source),
    ...(dimension && { dimension }),
    ...(channels !== undefined && { channels }),
    ...(patchSize && { patchSize }),
    ...(voxelSize && { voxelSize }),
    ...(layers && { layers }),
  };
}

/** `mind`, `mind-r2d1`, `mind-r1d2-batch`; anything else is a path. R1D2 is what IMPACT's authors use. */
export function modelSource(text: string): ModelSource {
  const mind = /^mind(?:-r([1-9])d([1-9]))?(?:-(instance|batch))?$/.exec(text);
  if (mind === null) return { kind: 'file', path: text };
  const [, radius = '1', dilation = '2', flavour = 'instance'] = mind;
  return {
    kind: 'mind',
    radius: Number(radius),
    dilation: Number(dilation),
    flavour: flavour === 'batch' ? 'batch' : 'instance',
  };
}

/** Numbers of outputs, or a mask of 0 and 1 with a digit per output, as IMPACT writes it. */
function layerNumbers(reader: OptionReader): readonly number[] | undefined {
  const mask = reader.text('layersMask');
  if (mask === undefined) {
    const numbers = reader.numbers('outputs');
    if (numbers?.some((n) => !Number.isSafeInteger(n) || n < 0)) {
      throw reader.wrong('outputs', 'numbers of outputs, from 0');
    }
    return numbers;
  }
  if (!/^[01]+$/.test(mask)) throw reader.wrong('layersMask', 'a text of 0 and 1');
  return [...mask].flatMap((digit, k) => (digit === '1' ? [k] : []));
}

function parseLayers(reader: OptionReader): readonly LayerOptions[] {
  const list = reader.list('layers');
  if (list === undefined) return [parseLayer(reader)];
  if (list.length === 0) throw reader.wrong('layers', 'at least one layer');
  return list.map((item, k) => {
    const layer = new OptionReader(`${reader.path('layers')}[${k}]`, item);
    const parsed = parseLayer(layer);
    layer.finish();
    return parsed;
  });
}

function parseLayer(reader: OptionReader): LayerOptions {
  const subset = reader.whole('subset', 1);
  return {
    distance: reader.word('distance', DISTANCE_NAMES) ?? 'L2',
    weight: reader.number('weight') ?? 1,
    ...(subset !== undefined && { subset }),
    pca: reader.whole('pca', 0) ?? 0,
  };
}

/** The options of one run. Throws `BAD_ARGUMENT`. */
export function parseRunOptions(value: Json | undefined): ImpactRunOptions {
  const reader = new OptionReader('run.options', value ?? {});
  const seed = reader.whole('seed', 0) ?? 0;
  const scales = reader.numbers('scales');
  const subset = reader.list('subset')?.map((item) => {
    const channels = [item].flat();
    if (channels.every((c): c is number => Number.isSafeInteger(c) && Number(c) >= 0))
      return channels;
    throw reader.wrong('subset', 'a list of channels for each layer');
  });
  reader.finish();
  return { seed, ...(scales && { scales }), ...(subset && { subset }) };
}
