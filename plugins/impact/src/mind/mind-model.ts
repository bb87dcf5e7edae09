import { GraphBuilder } from '../onnx/graph-builder.js';
import { ELEMENT, type Model } from '../onnx/model.js';

/**
 * MIND and MIND-SSC: how alike a voxel's neighbours are to each other, which modalities agree on.
 *
 * Heinrich et al., "MIND", Medical Image Analysis 16(7), 2012; "Towards realtime multimodal fusion using
 * self-similarities", MICCAI 2013.
 */
export interface MindOptions {
  readonly dimension: 2 | 3;
  /** Patches compared are 2 · radius + 1 voxels wide. */
  readonly radius: number;
  /** Voxels from a voxel to its neighbours. */
  readonly dilation: number;
  /**
   * What bounds the local variance: the mean over one sample, so that its features do not depend on what
   * else is in the batch; or over the batch, as IMPACT's published models do.
   */
  readonly flavour: 'instance' | 'batch';
}

const OPSET = 17;
const IR_VERSION = 8;

/** Local variances are held within these multiples of their mean. */
const VARIANCE_RANGE = [1e-3, 1e3] as const;

/** Keeps a constant image from 0/0, which makes its features 1. */
const SMALLEST_VARIANCE = 1e-20;

/** The 6 (or 4) neighbours of a voxel as indices z, y, x of a kernel of 3 taps per axis. */
const NEIGHBOURS_3D = [
  [0, 1, 1],
  [1, 1, 0],
  [1, 0, 1],
  [1, 1, 2],
  [2, 1, 1],
  [1, 2, 1],
];
const NEIGHBOURS_2D = [
  [0, 1],
  [1, 0],
  [1, 2],
  [2, 1],
];

/** The network as an ONNX graph: `input` [N, 1, (D,) H, W] to `layer_0` [N, 12 or 4, (D,) H, W]; needs no weights. */
export function mindModel(options: MindOptions): Model {
  const { dimension, radius, dilation } = options;
  const graph = new GraphBuilder(OPSET, 'm');
  const neighbours = dimension === 3 ? NEIGHBOURS_3D : NEIGHBOURS_2D;
  const differences = neighbourDifferences(graph, neighbours, dilation);
  const distances = boxMean(graph, graph.op('Mul', [differences, differences]), dimension, radius);
  const output = similarity(graph, distances, options);
  const spatial = dimension === 3 ? ['D', 'H', 'W'] : ['H', 'W'];
  const channels = neighbourPairs(neighbours).length;
  return {
    irVersion: IR_VERSION,
    opsets: new Map([['', OPSET]]),
    metadata: new Map(),
    rest: new Uint8Array(0),
    graph: {
      name: `mind-${dimension}d-r${radius}-d${dilation}`,
      nodes: [
        ...graph.nodes,
        {
          op: 'Identity',
          domain: '',
          name: 'out',
          inputs: [output],
          outputs: ['layer_0'],
          attributes: new Map(),
        },
      ],
      initializers: graph.initializers,
      inputs: [{ name: 'input', type: ELEMENT.float32, shape: ['N', 1, ...spatial] }],
      outputs: [{ name: 'layer_0', type: ELEMENT.float32, shape: ['N', channels, ...spatial] }],
      rest: new Uint8Array(0),
    },
  };
}

/** Pairs (i, j), i > j, of neighbours at a squared distance of 2: those next to each other, not opposite. */
function neighbourPairs(
  neighbours: readonly (readonly number[])[],
): readonly (readonly [number, number])[] {
  const pairs: [number, number][] = [];
  for (const [i, a] of neighbours.entries()) {
    for (let j = 0; j < i; j++) {
      const apart = a.reduce((sum, at, axis) => sum + (at - neighbours[j][axis]) ** 2, 0);
      if (apart === 2) pairs.push([i, j]);
    }
  }
  return pairs;
}

/** One convolution with +1 at neighbour i and -1 at neighbour j of each pair, on the edge-padded image. */
function neighbourDifferences(
  graph: GraphBuilder,
  neighbours: readonly (readonly number[])[],
  dilation: number,
): string {
  const dimension = neighbours[0].length;
  const pairs = neighbourPairs(neighbours);
  const taps = 3 ** dimension;
  const kernel = new Float32Array(pairs.length * taps);
  for (const [p, [i, j]] of pairs.entries()) {
    kernel[p * taps + tapOf(neighbours[i])] = 1;
    kernel[p * taps + tapOf(neighbours[j])] = -1;
  }
  const shape = Array<number>(dimension).fill(3);
  const weights = graph.floats([pairs.length, 1, ...shape], kernel);
  const dilations = Array<number>(dimension).fill(dilation);
  const padded = edgePad(graph, 'input', dimension, dilation);
  return graph.op('Conv', [padded, weights], { kernel_shape: shape, dilations });
}

const tapOf = (index: readonly number[]): number => index.reduce((tap, at) => tap * 3 + at, 0);

function edgePad(graph: GraphBuilder, input: string, dimension: number, by: number): string {
  const side = [0, 0, ...Array<number>(dimension).fill(by)];
  return graph.op('Pad', [input, graph.integers([...side, ...side])], { mode: 'edge' });
}

/** Mean over a box of 2 · radius + 1, one axis after the other. */
function boxMean(graph: GraphBuilder, input: string, dimension: number, radius: number): string {
  let mean = edgePad(graph, input, dimension, radius);
  for (let axis = 0; axis < dimension; axis++) {
    const kernel = Array.from({ length: dimension }, (_, a) => (a === axis ? 2 * radius + 1 : 1));
    mean = graph.op('AveragePool', [mean], { kernel_shape: kernel });
  }
  return mean;
}

/** exp(-d / v): distances above the smallest of their voxel, over the voxel's own variance. */
function similarity(graph: GraphBuilder, distances: string, options: MindOptions): string {
  const above = graph.op('Sub', [distances, graph.reduce('ReduceMin', distances, [1])]);
  const variance = graph.reduce('ReduceMean', above, [1]);
  const first = options.flavour === 'batch' ? 0 : 1;
  const axes = Array.from({ length: options.dimension + 2 - first }, (_, a) => a + first);
  const mean = graph.reduce('ReduceMean', variance, axes);
  const lowest = graph.op('Mul', [mean, graph.scalar(VARIANCE_RANGE[0])]);
  const highest = graph.op('Mul', [mean, graph.scalar(VARIANCE_RANGE[1])]);
  const bounded = graph.op('Min', [graph.op('Max', [variance, lowest]), highest]);
  const divisor = graph.op('Max', [bounded, graph.scalar(SMALLEST_VARIANCE)]);
  return graph.op('Exp', [graph.op('Neg', [graph.op('Div', [above, divisor])])]);
}
