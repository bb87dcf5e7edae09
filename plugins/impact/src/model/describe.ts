import { type FeatureNetwork, gradientGraphs } from './feature-network.js';
import type { ReadModel } from './read-model.js';

/** What `voxhost models inspect` says of a model. */
export interface ModelDescription {
  readonly name: string;
  readonly bytes: number;
  readonly opset: number;
  readonly dimension: number;
  readonly channels: number;
  readonly inputs: readonly {
    readonly name: string;
    readonly shape: readonly (number | string)[];
  }[];
  readonly layers: readonly {
    readonly name: string;
    readonly shape: readonly (number | string)[];
    /** Voxels that one feature sees, x first; null where the graph does not tell. */
    readonly receptiveField: readonly number[] | null;
    readonly stride: readonly number[];
    /** Operators that make it depend on the whole tensor. */
    readonly global: readonly string[];
  }[];
  readonly operators: readonly string[];
  readonly gradient:
    | { readonly kind: 'graph'; readonly nodes: number }
    | { readonly kind: 'differences'; readonly because: readonly string[] };
  readonly normalisation: string;
  readonly licence: string | null;
}

export function describeModel(
  { model, bytes, sideCar, name }: ReadModel,
  network: FeatureNetwork,
): ModelDescription {
  const { graph } = model;
  const differentiated = gradientGraphs(network);
  return {
    name,
    bytes: bytes.length,
    opset: model.opsets.get('') ?? 0,
    dimension: network.dimension,
    channels: network.channels,
    inputs: graph.inputs.map((info) => ({ name: info.name, shape: info.shape ?? [] })),
    layers: network.layers.map((layer, l) => {
      const { field, stride, global } = network.reaches[l];
      const shape = graph.outputs.find((info) => info.name === layer)?.shape ?? [];
      const receptiveField = field === undefined ? null : [...field].reverse();
      return { name: layer, shape, receptiveField, stride: [...stride].reverse(), global };
    }),
    operators: [
      ...new Set(graph.nodes.map(({ domain, op }) => (domain === '' ? op : `${domain}.${op}`))),
    ].sort(),
    gradient: differentiated.ok
      ? { kind: 'graph', nodes: differentiated.backward.graph.nodes.length }
      : {
          kind: 'differences',
          because: differentiated.gaps.map((gap) => `${gap.op}: ${gap.reason}`),
        },
    normalisation: sideCar.normalisation,
    licence: sideCar.licence ?? null,
  };
}

/** The description as lines of text. */
export function renderDescription(model: ModelDescription): string {
  const shape = (dims: readonly (number | string)[]) =>
    `[${dims.map((d) => (d === '' ? '?' : d)).join(', ')}]`;
  const lines = [
    `${model.name}: ${model.dimension}-D, ${model.channels} channel(s), ${model.bytes} bytes, operator set ${model.opset}`,
    ...model.inputs.map((input) => `input    ${input.name} ${shape(input.shape)}`),
    ...model.layers.map((layer, l) => {
      const sees = layer.receptiveField === null ? 'unknown' : layer.receptiveField.join(' x ');
      const whole =
        layer.global.length === 0
          ? ''
          : `; depends on the whole patch through ${layer.global.join(', ')}`;
      return `layer ${l}  ${layer.name} ${shape(layer.shape)}, receptive field ${sees}, stride ${layer.stride.join(' x ')}${whole}`;
    }),
    `needs    ${model.operators.join(', ')}`,
    model.gradient.kind === 'graph'
      ? `gradient by a graph of ${model.gradient.nodes} nodes`
      : `gradient by differences of shifted patches, since ${model.gradient.because.join('; ')}`,
    `values   ${model.normalisation === 'inside' ? 'normalised inside' : 'taken as they are'}`,
    ...(model.licence === null ? [] : [`licence  ${model.licence}`]),
  ];
  return `${lines.join('\n')}\n`;
}
