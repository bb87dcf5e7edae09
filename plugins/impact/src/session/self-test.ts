import { encodeModel } from '../onnx/encode.js';
import { GraphBuilder } from '../onnx/graph-builder.js';
import { ELEMENT, type Model } from '../onnx/model.js';
import type { Engine } from './engine.js';

const SIDE = 3;

/**
 * Runs a convolution with a known answer, so that a library or device that loads and computes wrongly is met
 * here. Rejects with what went wrong.
 */
export async function selfTest(engine: Engine): Promise<void> {
  await using session = await engine.open(encodeModel(knownConvolution()), {
    memory: 'returned',
    threads: 1,
  });
  const data = Float32Array.from({ length: SIDE * SIDE }, (_, i) => i + 1);
  const { y } = await session.run({
    feeds: { x: { type: 'float32', dims: [1, 1, SIDE, SIDE], data } },
    whole: ['y'],
    centred: [],
  });
  const wanted = data.reduce((sum, v) => sum + v, 0);
  if (y.data.length !== 1 || y.data[0] !== wanted) {
    throw new Error(`a convolution whose answer is ${wanted} gave ${y.data.join(', ')}`);
  }
}

function knownConvolution(): Model {
  const graph = new GraphBuilder(17, 'k');
  const ones = graph.floats([1, 1, SIDE, SIDE], new Float32Array(SIDE * SIDE).fill(1));
  graph.nodes.push({
    op: 'Conv',
    domain: '',
    name: 'known',
    inputs: ['x', ones],
    outputs: ['y'],
    attributes: new Map(),
  });
  const info = (name: string, side: number) => ({
    name,
    type: ELEMENT.float32,
    shape: [1, 1, side, side],
  });
  return {
    irVersion: 8,
    opsets: new Map([['', graph.opset]]),
    metadata: new Map(),
    rest: new Uint8Array(0),
    graph: {
      name: 'known',
      nodes: graph.nodes,
      initializers: graph.initializers,
      inputs: [info('x', SIDE)],
      outputs: [info('y', 1)],
      rest: new Uint8Array(0),
    },
  };
}
