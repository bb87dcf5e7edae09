import type { Context } from '@voxhost/sdk';
import { badArgument } from '../bad-argument.js';
import type { Side } from '../jacobian/eye.js';
import { type Cut, cutAxis, type Part, partWeights } from './tiles.js';
import { box, cells, extended, rowStarts, type Volume } from './volume.js';

/** How a volume goes through a network. */
export interface Passage {
  readonly context: Context;
  /** Longest tile per axis, in the order of the tensor; 0 is the whole axis. */
  readonly tile: readonly number[];
  readonly memoryBytes: number;
  readonly signal: AbortSignal | undefined;
}

/** Buffers of the widest layer that a run holds at once, as measured: input, output and what a norm needs. */
const BUFFERS = 4;

/** The features of a whole volume, per layer; slice by slice along the first axis for a model of fewer axes. */
export async function denseFeatures(
  side: Side,
  volume: Volume,
  passage: Passage,
): Promise<readonly Volume[]> {
  const { dimension } = side.open.network;
  if (dimension === volume.size.length) return tiledFeatures(side, volume, passage);
  const slices: (readonly Volume[])[] = [];
  const [count, ...size] = volume.size;
  for (let z = 0; z < count; z++) {
    const data = volume.data.subarray(z * cells(size), (z + 1) * cells(size));
    slices.push(await tiledFeatures(side, { channels: 1, size, data }, passage));
  }
  return side.open.network.layers.map((_, l) => stacked(slices.map((slice) => slice[l])));
}

/** Slices put together along a new first axis, channel by channel. */
function stacked(slices: readonly Volume[]): Volume {
  const [{ channels, size }] = slices;
  const plane = cells(size);
  const data = new Float32Array(channels * slices.length * plane);
  for (const [z, slice] of slices.entries()) {
    for (let c = 0; c < channels; c++) {
      const part = slice.data.subarray(c * plane, (c + 1) * plane);
      data.set(part, (c * slices.length + z) * plane);
    }
  }
  return { channels, size: [slices.length, ...size], data };
}

async function tiledFeatures(
  side: Side,
  volume: Volume,
  passage: Passage,
): Promise<readonly Volume[]> {
  const cuts = cutsOf(side, volume, passage);
  const parts = cuts.map(cutAxis);
  if (parts.every((axis) => axis.length === 1)) return runNetwork(side, volume, passage);
  const blends: Blend[] = [];
  for (const tile of product(parts)) {
    passage.signal?.throwIfAborted();
    const start = tile.map((part) => part.start);
    const size = tile.map((part) => part.size);
    const part = { channels: 1, size, data: box(volume, start, size) };
    const features = await runNetwork(side, part, passage);
    for (const [l, layer] of features.entries()) {
      const placed = { tile, cuts, parts };
      blends[l] ??= emptyBlend(placed, layer);
      addTile(blends[l], placed, layer);
    }
  }
  return blends.map(finished);
}

function* product(parts: readonly (readonly Part[])[]): Generator<readonly Part[]> {
  const [first, ...others] = parts;
  for (const part of first) {
    if (others.length === 0) yield [part];
    else for (const rest of product(others)) yield [part, ...rest];
  }
}

/** Tiles as asked for, made shorter along the longest axis until a run fits into memory. */
function cutsOf(side: Side, volume: Volume, passage: Passage): readonly Cut[] {
  const { network } = side.open;
  const axes = volume.size.map((length, a) => {
    const fields = network.reaches.map(({ field }) => field?.[a] ?? 1);
    const strides = network.reaches.map(({ stride }) => Math.max(1, Math.round(stride[a])));
    const halo = Math.ceil((Math.max(...fields) - 1) / 2);
    return { length, halo, stride: Math.max(...strides), tile: passage.tile[a] || length };
  });
  const widest = Math.max(1, ...channelCounts(side));
  const bytes = () =>
    BUFFERS * 4 * widest * axes.reduce((n, cut) => n * Math.min(cut.tile, cut.length), 1);
  while (bytes() > passage.memoryBytes) {
    const longest = axes.reduce((a, b) => (b.tile > a.tile ? b : a));
    if (longest.tile <= 2 * (longest.halo + longest.stride)) break;
    longest.tile = Math.ceil(longest.tile / 2);
  }
  if (axes.some((cut) => cut.tile < cut.length)) warnOfTiles(side, passage);
  return axes;
}

function channelCounts({ open: { network } }: Side): readonly number[] {
  const weights = network.model.graph.initializers.values();
  return [...weights].filter(({ dims }) => dims.length > 3).map(({ dims }) => dims[0]);
}

function warnOfTiles({ open: { network } }: Side, { context }: Passage): void {
  const global = new Set(network.reaches.flatMap((reach) => reach.global));
  const isUnknown = network.reaches.some(({ field }) => field === undefined);
  if (global.size === 0 && !isUnknown) return;
  const reason =
    global.size > 0 ? `${[...global].join(', ')} sees the whole tensor` : 'its reach is not known';
  const text = `model ${network.name} runs in tiles, which changes its features: ${reason}; raise memoryMiB or set patchSize 0`;
  context.log('warn', text);
}

/** A network that refuses the lengths as they are sees them grown to multiples of its strides. */
async function runNetwork(
  side: Side,
  volume: Volume,
  passage: Passage,
): Promise<readonly Volume[]> {
  const { alignment, name } = side.open.network;
  const { size } = volume;
  const grown = size.map((n, a) => Math.ceil(n / alignment[a]) * alignment[a]);
  const { signal } = passage;
  const run = ({ data, size: lengths }: Volume) =>
    untilAborted(runAsItIs(side, data, lengths), signal);
  if (`${grown}` === `${size}`) return run(volume);
  return run(volume).catch(async () => {
    signal?.throwIfAborted();
    const features = await run(extended(volume, grown));
    const [before, after] = [size, grown].map((axes) => [...axes].reverse().join(' x '));
    const text = `model ${name} refuses ${before} voxels; their edges are repeated to ${after}`;
    passage.context.log('warn', text);
    return features.map((layer) => cropped(layer, size, grown));
  });
}

/** The runtime cannot be stopped in a run: who gives up does not wait for its end. */
async function untilAborted<T>(running: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (signal === undefined) return running;
  signal.throwIfAborted();
  let giveUp = (): void => undefined;
  const aborted = new Promise<never>((_, reject) => {
    giveUp = () => reject(signal.reason);
  });
  signal.addEventListener('abort', giveUp, { once: true });
  try {
    return await Promise.race([running, aborted]);
  } finally {
    signal.removeEventListener('abort', giveUp);
  }
}

/** The features of the voxels that were not added. */
function cropped(layer: Volume, size: readonly number[], grown: readonly number[]): Volume {
  const kept = layer.size.map((n, a) => Math.max(1, Math.ceil((n * size[a]) / grown[a])));
  const start = kept.map(() => 0);
  return { channels: layer.channels, size: kept, data: box(layer, start, kept) };
}

async function runAsItIs(
  side: Side,
  values: Float32Array,
  size: readonly number[],
): Promise<readonly Volume[]> {
  const { network, lanes } = side.open;
  const data = new Float32Array(network.channels * values.length);
  for (let c = 0; c < network.channels; c++) data.set(values, c * values.length);
  const dims = [1, network.channels, ...size];
  const answers = await lanes[0].plain
    .run({
      feeds: { ...side.feeds, [network.input]: { type: 'float32', dims, data } },
      whole: network.layers,
      centred: [],
    })
    .catch((error: Error) => {
      const reason = `("${network.name}") refuses a volume [${dims}] (batch, channels, axes): ${error.message}`;
      throw badArgument('model', reason, error);
    });
  return network.layers.map((layer) => {
    const { dims: found, data: features } = answers[layer];
    const refuse = (what: string) =>
      badArgument('model', `("${network.name}") gives ${what} as ${layer}, no map of features`);
    if (found.length !== size.length + 2 || found.includes(0)) throw refuse(`[${found}]`);
    if (!features.every(Number.isFinite)) throw refuse('values that are not finite');
    return { channels: found[1], size: found.slice(2), data: features };
  });
}

/** Weighted sums of tiles, and of their weights. */
interface Blend {
  readonly volume: Volume;
  readonly weights: Float32Array;
}

interface Placed {
  readonly tile: readonly Part[];
  readonly cuts: readonly Cut[];
  readonly parts: readonly (readonly Part[])[];
}

function addTile({ volume, weights }: Blend, { tile, cuts }: Placed, layer: Volume): void {
  const ratio = ratiosOf(tile, layer);
  const axes = tile.map((part, a) =>
    partWeights(part, { ...cuts[a], stride: ratio[a] }, layer.size[a]),
  );
  const last = axes[axes.length - 1];
  const whole = cells(volume.size);
  const own = cells(layer.size);
  const start = tile.map((part, a) => Math.round(part.start / ratio[a]));
  let row = 0;
  for (const from of rowStarts(volume.size, start, layer.size)) {
    const factor = rowFactor(axes, layer.size, row);
    for (let i = 0; i < last.length; i++) {
      const weight = factor * last[i];
      weights[from + i] += weight;
      for (let c = 0; c < layer.channels; c++) {
        volume.data[c * whole + from + i] += weight * layer.data[c * own + row * last.length + i];
      }
    }
    row++;
  }
}

/** Product of the weights along all axes but the last, of a row by its number. */
function rowFactor(axes: readonly Float64Array[], size: readonly number[], row: number): number {
  let rest = row;
  let factor = 1;
  for (let a = size.length - 2; a >= 0; a--) {
    factor *= axes[a][rest % size[a]];
    rest = Math.floor(rest / size[a]);
  }
  return factor;
}

/** Input voxels per feature, of a tile. */
const ratiosOf = (tile: readonly Part[], layer: Volume): readonly number[] =>
  tile.map((part, a) => Math.max(1, Math.round(part.size / layer.size[a])));

function emptyBlend({ tile, parts, cuts }: Placed, layer: Volume): Blend {
  const ratio = ratiosOf(tile, layer);
  const size = tile.map((part, a) => {
    const end = parts[a][parts[a].length - 1];
    // what the network makes of a part, less what it makes of all but the part's rest
    const trimmed = part.size - layer.size[a] * ratio[a];
    const length = (cuts[a].length - end.start - trimmed) / ratio[a];
    return Math.round(end.start / ratio[a]) + Math.max(1, Math.ceil(length));
  });
  const data = new Float32Array(layer.channels * cells(size));
  return {
    volume: { channels: layer.channels, size, data },
    weights: new Float32Array(cells(size)),
  };
}

function finished({ volume, weights }: Blend): Volume {
  const whole = cells(volume.size);
  for (let i = 0; i < volume.data.length; i++) volume.data[i] /= weights[i % whole];
  return volume;
}
