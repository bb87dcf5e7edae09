import type { Json } from '@voxhost/sdk';
import { badArgument } from './bad-argument.js';
import { DISTANCES, type DistanceName } from './distances/index.js';
import type { ImpactRunOptions, LayerOptions } from './options/options.js';
import { drawSubset, type Random } from './sampling/random.js';

/** One layer of all models, numbered over the models in order. */
export interface Layer extends LayerOptions {
  /** For messages and details. */
  readonly name: string;
  readonly channels: number;
}

/** The layers of a metric with their options. Throws `BAD_ARGUMENT` when their numbers do not fit. */
export function planLayers(
  found: readonly { readonly name: string; readonly channels: number }[],
  options: readonly LayerOptions[],
): readonly Layer[] {
  if (options.length !== 1 && options.length !== found.length) {
    const reason = `has ${options.length} entries for ${found.length} layers (${found.map((l) => l.name).join(', ')})`;
    throw badArgument('options.layers', reason);
  }
  return found.map((layer, l) => {
    const chosen = options.length === 1 ? options[0] : options[l];
    if (chosen.pca > layer.channels) {
      const reason = `keeps ${chosen.pca} components of the ${layer.channels} channels of ${layer.name}`;
      throw badArgument('options.pca', reason);
    }
    const channels = chosen.pca > 0 ? chosen.pca : layer.channels;
    return { ...chosen, name: layer.name, channels };
  });
}

/** Features of the valid samples under one layer, rows of all its channels. */
export interface Rows {
  readonly fixed: Float32Array;
  readonly moving: Float32Array;
}

/** Channels compared in one run, per layer: those the caller gives, else drawn layer by layer. */
export function chooseChannels(
  layers: readonly Layer[],
  { subset }: ImpactRunOptions,
  random: Random,
): readonly (readonly number[])[] {
  if (subset !== undefined && subset.length !== layers.length) {
    throw badArgument(
      'run.options.subset',
      `has ${subset.length} lists for ${layers.length} layers`,
    );
  }
  return layers.map(({ channels, subset: count, name }, l) => {
    const given = subset?.[l];
    if (given === undefined) return drawSubset(random, channels, count ?? channels);
    const beyond = given.find((c) => c >= channels);
    if (given.length > 0 && beyond === undefined) return given;
    throw badArgument(
      'run.options.subset',
      `has [${given}] where ${name} has ${channels} channels`,
    );
  });
}

/** Throws `BAD_ARGUMENT` for scales that are not one per layer. */
export function requireScales(layers: readonly Layer[], { scales }: ImpactRunOptions): void {
  if (scales !== undefined && scales.length !== layers.length) {
    throw badArgument(
      'run.options.scales',
      `has ${scales.length} factors for ${layers.length} layers`,
    );
  }
}

/** Features of some samples under one layer: channel c of sample n lies at `first + n · perSample + c · perChannel`. */
export interface Features {
  readonly fixed: Float32Array;
  readonly moving: Float32Array;
  readonly samples: number;
  readonly first: number;
  readonly perSample: number;
  readonly perChannel: number;
}

export const inRows = ({ fixed, moving }: Rows, channels: number): Features => ({
  fixed,
  moving,
  samples: moving.length / channels,
  first: 0,
  perSample: channels,
  perChannel: 1,
});

/** Sum (or statistic) of one layer over some samples; its derivative by the moving channels is added to `modulator`. */
export function layerLoss(
  { distance }: Layer,
  channels: readonly number[],
  { fixed, moving, samples, ...lie }: Features,
  modulator: Float64Array | undefined,
): number {
  const places = channels.map((c) => lie.first + c * lie.perChannel);
  const layout = { places, step: lie.perSample };
  const pair = { fixed, moving, samples, channels: channels.length, layout };
  return DISTANCES[distance].evaluate(pair, modulator);
}

/** Is the loss of a sample independent of all other samples? */
export const isPerSample = ({ distance }: Layer): boolean => DISTANCES[distance].scope === 'sample';

/** Mean over samples, or the statistic itself. */
const meanOf = (layer: Layer, sum: number, samples: number): number =>
  isPerSample(layer) ? sum / samples : sum;

/** IMPACT makes the first value of these 1. */
const NORMALISED: ReadonlySet<DistanceName> = new Set(['L1', 'L2']);

/** value = Σ weight · scale · mean loss, and what a caller may want to know of each layer. */
export function total(
  layers: readonly Layer[],
  sums: readonly number[],
  samples: number,
  options: ImpactRunOptions,
): { readonly value: number; readonly details: { readonly [name: string]: Json } } {
  if (samples === 0) return { value: Number.NaN, details: { layers: [], scales: [] } };
  let value = 0;
  const perLayer: Json[] = [];
  const scales: number[] = [];
  for (const [l, layer] of layers.entries()) {
    const loss = meanOf(layer, sums[l], samples);
    value += layer.weight * (options.scales?.[l] ?? 1) * loss;
    scales.push(NORMALISED.has(layer.distance) && loss !== 0 ? 1 / loss : 1);
    const { name, distance, weight } = layer;
    // Dice and the correlations are losses with their sign turned: the plain figure goes beside
    const plain = NORMALISED.has(distance) ? {} : { similarity: 0 - loss };
    perLayer.push({ name, distance, weight, loss, ...plain });
  }
  return { value, details: { layers: perLayer, scales } };
}

/**
 * What a layer's modulator is multiplied with, so that the derivative over all samples, divided by their
 * number, is that of the value.
 */
export function modulatorScale(layer: Layer, scale: number | undefined, samples: number): number {
  return layer.weight * (scale ?? 1) * (isPerSample(layer) ? 1 : samples);
}
