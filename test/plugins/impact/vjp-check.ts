import assert from 'node:assert/strict';
import { encodeModel } from '#impact/onnx/encode.js';
import { GraphBuilder } from '#impact/onnx/graph-builder.js';
import { ELEMENT, type Model } from '#impact/onnx/model.js';
import { differentiate } from '#impact/vjp/differentiate.js';
import { type OrtTensor, openSession, tensor } from './onnx-runtime.js';

/** A network around one operator, from `input` to layers. */
export interface Toy {
  readonly shape: readonly number[];
  readonly opset?: number;
  /** Value of element i of the input; the default avoids 0 and ties. */
  readonly value?: (i: number) => number;
  readonly build: (graph: GraphBuilder) => string | readonly string[];
}

/** Central differences in float32: h² of curvature, and 1e-7 of rounding over h. */
const STEP = 1e-2;
const TOLERANCE = 1e-3;

/** Distinct values in ±1, none within 0.03 of 0, and no two as close as two steps within small inputs. */
const spread = (i: number): number => {
  const x = 2 * ((i * 0.6180339887 + 0.13) % 1) - 1;
  return Math.abs(x) < 0.03 ? x + 0.06 : x;
};

export function toyModel(toy: Toy): Model {
  const opset = toy.opset ?? 17;
  const graph = new GraphBuilder(opset, 't');
  const built = toy.build(graph);
  const layers = typeof built === 'string' ? [built] : built;
  const free = toy.shape.map((_, i) => `d${i}`);
  return {
    irVersion: 9,
    opsets: new Map([['', opset]]),
    metadata: new Map(),
    rest: new Uint8Array(0),
    graph: {
      name: 'toy',
      nodes: graph.nodes,
      initializers: graph.initializers,
      inputs: [{ name: 'input', type: ELEMENT.float32, shape: free }],
      outputs: layers.map((name) => ({ name, type: ELEMENT.float32, shape: undefined })),
      rest: new Uint8Array(0),
    },
  };
}

type Feeds = Record<string, OrtTensor>;

/** Both graphs as a function from feeds and cotangents to the derivative by `input`. */
export async function openGradient(model: Model, layers: readonly string[]) {
  const graphs = differentiate(model, layers, 'input');
  assert.ok(graphs.ok, JSON.stringify(graphs));
  const forward = await openSession(encodeModel(graphs.forward));
  const backward = await openSession(encodeModel(graphs.backward));
  return async (feeds: Feeds, cotangents: Feeds): Promise<Float64Array> => {
    const values = { ...feeds, ...(await forward.run(feeds)) };
    const given: Feeds = {};
    for (const name of graphs.saved) given[name] = values[name];
    for (const layer of layers) given[`grad_${layer}`] = cotangents[layer];
    const answer = await backward.run(given);
    return Float64Array.from(answer[graphs.gradient].data as Float32Array);
  };
}

/** The derivative of a random weighting of all layers, by differences and by the rules. */
export async function checkToy(toy: Toy): Promise<void> {
  const model = toyModel(toy);
  const layers = model.graph.outputs.map(({ name }) => name);
  const plain = await openSession(encodeModel(model));
  const count = toy.shape.reduce((n, d) => n * d, 1);
  const x = Float32Array.from({ length: count }, (_, i) => (toy.value ?? spread)(i));
  const feeds = { input: tensor(x, toy.shape) };
  const outputs = await plain.run(feeds);
  const cotangents: Feeds = {};
  for (const layer of layers) {
    const { data, dims } = outputs[layer];
    const weights = Float32Array.from(data as Float32Array, (_, i) => Math.cos(3 * i + 1));
    cotangents[layer] = tensor(weights, dims);
  }
  const weighted = async (moved: Float32Array): Promise<number> => {
    const values = await plain.run({ input: tensor(moved, toy.shape) });
    let sum = 0;
    for (const layer of layers) {
      const { data } = cotangents[layer];
      for (const [i, w] of data.entries()) sum += Number(w) * Number(values[layer].data[i]);
    }
    return sum;
  };
  const gradient = await (await openGradient(model, layers))(feeds, cotangents);
  assert.equal(gradient.length, count);
  const scale = Math.max(...gradient.map(Math.abs), 1e-3);
  for (let i = 0; i < count; i++) {
    const up = x.slice();
    const down = x.slice();
    up[i] += STEP;
    down[i] -= STEP;
    const difference = ((await weighted(up)) - (await weighted(down))) / (up[i] - down[i]);
    const error = Math.abs(difference - gradient[i]);
    assert.ok(error <= TOLERANCE * scale, `${i}: ${gradient[i]}, differences say ${difference}`);
  }
}
