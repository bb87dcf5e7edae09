import type { Image } from '@voxhost/sdk';
import { badArgument } from '../bad-argument.js';
import { encodeModel } from '../onnx/encode.js';
import { ELEMENT } from '../onnx/model.js';
import { statisticsOf } from '../sampling/statistics.js';
import type { Engine, Session } from '../session/engine.js';
import type { Memory, PlainTensor } from '../session/messages.js';
import type { Gap } from '../vjp/differentiate.js';
import { gradientName } from '../vjp/differentiate.js';
import { truncated } from '../vjp/split-graphs.js';
import { type FeatureNetwork, gradientGraphs } from './feature-network.js';

/** The way back through a network, sharing the forward pass. */
export interface Backward {
  readonly forward: Session;
  readonly backward: Session;
  readonly gradient: string;
}

/** A network with its sessions open. */
export interface OpenNetwork extends AsyncDisposable {
  readonly network: FeatureNetwork;
  /** Gives the layers and nothing else. */
  readonly plain: Session;
  /** Absent when no derivative is wanted or none can be built. */
  readonly way: Backward | undefined;
  /** Why there is no way back. */
  readonly gaps: readonly Gap[];
}

/** Opens what a network's runs need. Rejects with `BAD_ARGUMENT` when the runtime refuses the model. */
export async function openNetwork(
  engine: Engine,
  network: FeatureNetwork,
  { derivative, memory }: { derivative: boolean; memory: Memory },
): Promise<OpenNetwork> {
  const open = async (bytes: Uint8Array): Promise<Session> =>
    engine.open(bytes, memory).catch((error: Error) => {
      throw badArgument('model', `("${network.name}") cannot be loaded: ${error.message}`, error);
    });
  const plain = await open(encodeModel(truncated(network.model, network.layers)));
  const graphs = derivative ? gradientGraphs(network) : undefined;
  if (graphs === undefined || !graphs.ok) {
    const gaps = graphs?.gaps ?? [];
    return { network, plain, way: undefined, gaps, [Symbol.asyncDispose]: () => disposed(plain) };
  }
  const forward = await open(encodeModel(graphs.forward));
  const backward = await open(encodeModel(graphs.backward));
  return {
    network,
    plain,
    way: { forward, backward, gradient: graphs.gradient },
    gaps: [],
    async [Symbol.asyncDispose]() {
      await Promise.all([plain, forward, backward].map(disposed));
    },
  };
}

const disposed = (session: Session): Promise<void> =>
  Promise.resolve(session[Symbol.asyncDispose]());

/** The backward session's name for the derivative by a layer. */
export { gradientName };

/** What a network is told about an image besides its voxels. */
export function imageFeeds(
  network: FeatureNetwork,
  image: Image,
): Readonly<Record<string, PlainTensor>> {
  const feeds: Record<string, PlainTensor> = {};
  if (network.takesStatistics) {
    feeds['stats'] = { type: 'float32', dims: [4], data: statisticsOf(image) };
  }
  if (network.direction !== undefined) feeds['direction'] = directionTensor(network, image);
  return feeds;
}

/** Each entry rounded to the nearest whole number, as the published models take it. */
function directionTensor({ name, direction }: FeatureNetwork, image: Image): PlainTensor {
  const dims = image.grid.size.length;
  const rounded = image.grid.direction.map(Math.round);
  switch (direction?.type) {
    case ELEMENT.int64:
      return { type: 'int64', dims: [dims, dims], data: BigInt64Array.from(rounded, BigInt) };
    case ELEMENT.int32:
      return { type: 'int32', dims: [dims, dims], data: Int32Array.from(rounded) };
    case ELEMENT.int16:
      return { type: 'int16', dims: [dims, dims], data: Int16Array.from(rounded) };
    case ELEMENT.float32:
      return { type: 'float32', dims: [dims, dims], data: Float32Array.from(rounded) };
    default:
      throw badArgument('model', `("${name}") takes "direction" as a type that is not known here`);
  }
}
