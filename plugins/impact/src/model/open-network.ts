import type { Image } from '@voxhost/sdk';
import { badArgument } from '../bad-argument.js';
import { encodeModel } from '../onnx/encode.js';
import { ELEMENT, type Model } from '../onnx/model.js';
import { statisticsOf } from '../sampling/statistics.js';
import type { Engine, Session } from '../session/engine.js';
import type { PlainTensor, SessionSettings } from '../session/messages.js';
import type { Gap } from '../vjp/differentiate.js';
import { type GradientGraphs, truncated } from '../vjp/split-graphs.js';
import { type FeatureNetwork, gradientGraphs } from './feature-network.js';

/** The way back through a network, sharing the forward pass. */
export interface Backward {
  readonly forward: Session;
  readonly backward: Session;
  readonly gradient: string;
}

/** The sessions of a network in one worker; those of different lanes run at the same time. */
export interface Lane {
  readonly engine: Engine;
  /** Gives the layers and nothing else. */
  readonly plain: Session;
  /** Absent when no derivative is wanted or none can be built. */
  readonly way: Backward | undefined;
}

/** A network with its sessions open. */
export interface OpenNetwork extends AsyncDisposable {
  readonly network: FeatureNetwork;
  readonly lanes: readonly Lane[];
  /** Have its lanes the way back? */
  readonly hasWay: boolean;
  /** Is the way back 0 everywhere? */
  readonly isFlat: boolean;
  /** Why there is no way back. */
  readonly gaps: readonly Gap[];
}

type Settings = SessionSettings & { readonly derivative: boolean };

/** Opens what a network's runs need. Rejects with `BAD_ARGUMENT` when the runtime refuses the model. */
export async function openNetwork(
  engines: readonly Engine[],
  network: FeatureNetwork,
  settings: Settings,
): Promise<OpenNetwork> {
  const graphs = settings.derivative ? gradientGraphs(network) : undefined;
  const way = graphs?.ok === true ? graphs : undefined;
  const opened: Session[] = [];
  const close = async (): Promise<void> => {
    await Promise.all(opened.map((session) => session[Symbol.asyncDispose]()));
  };
  const openOn = (engine: Engine) => async (model: Model) => {
    const session = await engine.open(encodeModel(model), settings).catch((error: Error) => {
      throw badArgument('model', `("${network.name}") cannot be loaded: ${error.message}`, error);
    });
    opened.push(session);
    return session;
  };
  try {
    const lanes: Lane[] = [];
    for (const engine of engines) lanes.push(await openLane(engine, network, way, openOn(engine)));
    const gaps = graphs?.ok === false ? graphs.gaps : [];
    const isFlat = way?.isFlat === true;
    const hasWay = way !== undefined;
    return { network, lanes, hasWay, isFlat, gaps, [Symbol.asyncDispose]: close };
  } catch (error) {
    await close();
    throw error;
  }
}

async function openLane(
  engine: Engine,
  { model, layers }: FeatureNetwork,
  graphs: GradientGraphs | undefined,
  open: (model: Model) => Promise<Session>,
): Promise<Lane> {
  const plain = await open(truncated(model, layers));
  if (graphs === undefined) return { engine, plain, way: undefined };
  const forward = await open(graphs.forward);
  const backward = await open(graphs.backward);
  return { engine, plain, way: { forward, backward, gradient: graphs.gradient } };
}

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
