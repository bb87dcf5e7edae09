import { badArgument } from '../bad-argument.js';
import { ELEMENT, type Model, type ValueInfo } from '../onnx/model.js';
import type { ModelOptions } from '../options/options.js';
import { type Differentiated, differentiate } from '../vjp/differentiate.js';
import type { ReadModel } from './read-model.js';
import { type Reach, reachOf } from './receptive-field.js';

/** A model understood as an extractor of features: what it takes, what it gives, how far it sees. */
export interface FeatureNetwork {
  readonly name: string;
  readonly model: Model;
  /** Size of its file. */
  readonly bytes: number;
  readonly dimension: 2 | 3;
  /** The grey channel is repeated so many times. */
  readonly channels: number;
  readonly input: string;
  readonly takesStatistics: boolean;
  /** Declared type of the direction input, where there is one. */
  readonly direction: ValueInfo | undefined;
  readonly isCanonical: boolean;
  /** Outputs in use, by name, in the order of the graph. */
  readonly layers: readonly string[];
  readonly reaches: readonly Reach[];
  /** Samples of a batch, where the graph fixes them. */
  readonly batch: number | undefined;
  /** Largest stride between any two of its values, per axis: what lengths must often be multiples of. */
  readonly alignment: readonly number[];
}

const INPUT = 'input';
const KNOWN_INPUTS = [INPUT, 'stats', 'direction'];

/**
 * @param argument - where the caller named the model
 * @throws `BAD_ARGUMENT` for a model that this metric cannot feed, and for layers that it has not
 */
export function featureNetwork(
  read: ReadModel,
  options: ModelOptions,
  argument: string,
): FeatureNetwork {
  const { name, model, bytes, sideCar } = read;
  const refuse = (reason: string) => badArgument(argument, `("${name}") ${reason}`);
  if (sideCar.normalisation === 'expected') {
    throw refuse(
      'expects normalised intensities, and this metric passes them as they are; put the normalisation into the graph, from its "stats" input',
    );
  }
  const { inputs } = model.graph;
  const input = imageInput(inputs, refuse);
  const dimension = dimensionOf(read, options, input, refuse);
  const channels = channelsOf(read, options, input, refuse);
  const layers = chosenLayers(model, options, refuse);
  const reaches = reachOf(model.graph, INPUT, dimension);
  return {
    name,
    model,
    bytes: bytes.length,
    dimension,
    channels,
    input: INPUT,
    takesStatistics: inputs.some((info) => info.name === 'stats'),
    direction: inputs.find((info) => info.name === 'direction'),
    isCanonical: sideCar.canonicalOrientation,
    layers,
    reaches: layers.map((layer) => reaches.get(layer) ?? NO_REACH),
    batch: typeof input.shape?.[0] === 'number' ? input.shape[0] : undefined,
    alignment: Array.from({ length: dimension }, (_, a) =>
      Math.max(1, ...[...reaches.values()].map(({ stride }) => Math.round(stride[a]))),
    ),
  };
}

const NO_REACH: Reach = { field: undefined, stride: [1, 1, 1], global: [] };

type Refuse = (reason: string) => Error;

/** The input that the image goes to; the others have to be such as this metric fills. */
function imageInput(inputs: readonly ValueInfo[], refuse: Refuse): ValueInfo {
  const names = inputs.map((info) => info.name);
  const input = inputs.find((info) => info.name === INPUT);
  if (input === undefined) throw refuse(`has inputs ${names.join(', ')} and none named "input"`);
  const unknown = names.find((name) => !KNOWN_INPUTS.includes(name));
  if (unknown !== undefined) throw refuse(`has an input "${unknown}" that nobody can fill`);
  if (input.type !== ELEMENT.float32) throw refuse('takes another type than float32');
  return input;
}

function dimensionOf(
  { sideCar }: ReadModel,
  options: ModelOptions,
  input: ValueInfo,
  refuse: Refuse,
): 2 | 3 {
  const rank = input.shape?.length;
  const dimension = options.dimension ?? sideCar.dimension ?? (rank === undefined ? 0 : rank - 2);
  if (dimension !== 2 && dimension !== 3) throw refuse(`takes tensors of rank ${rank}, not 4 or 5`);
  if (rank === undefined || rank === dimension + 2) return dimension;
  throw refuse(`takes tensors of rank ${rank}, which is not dimension ${dimension}`);
}

function channelsOf(
  { sideCar }: ReadModel,
  options: ModelOptions,
  input: ValueInfo,
  refuse: Refuse,
): number {
  const declared = input.shape?.[1];
  const wanted = options.channels ?? sideCar.channels;
  if (typeof declared !== 'number') return wanted ?? 1;
  if (wanted === undefined || wanted === declared) return declared;
  throw refuse(`takes ${declared} channels, not ${wanted}`);
}

function chosenLayers(model: Model, options: ModelOptions, refuse: Refuse): readonly string[] {
  const outputs = model.graph.outputs.map(({ name }) => name);
  const numbers = options.layers ?? outputs.map((_, k) => k);
  if (numbers.length === 0) throw refuse('has no layer selected');
  const beyond = numbers.find((k) => outputs[k] === undefined);
  if (beyond !== undefined) throw refuse(`has ${outputs.length} outputs, none of number ${beyond}`);
  if (new Set(numbers).size < numbers.length) throw refuse('has a layer selected twice');
  return numbers.map((k) => outputs[k]);
}

/** The gradient graphs of the layers in use, or why there are none. */
export const gradientGraphs = (network: FeatureNetwork): Differentiated =>
  differentiate(network.model, network.layers, network.input);
