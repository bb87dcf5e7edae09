import type { Image } from '@voxhost/sdk';
import { badArgument } from '../bad-argument.js';
import type { FeatureNetwork } from '../model/feature-network.js';
import { imageFeeds, type Lane, type OpenNetwork } from '../model/open-network.js';
import type { ModelOptions } from '../options/options.js';
import {
  canonicalTurn,
  inverseTurn,
  type Turn,
  turnedAxes,
  turnedPositions,
} from '../sampling/orientation.js';
import { type Patch, patchVoxels } from '../sampling/patch-points.js';
import type { Answers, PlainTensor } from '../session/messages.js';

/** One side of an eye: a network, and what it is told about its image. */
export interface Side {
  readonly open: OpenNetwork;
  readonly feeds: Readonly<Record<string, PlainTensor>>;
}

/** One model looking at both images through patches of one shape. */
export interface Eye {
  readonly fixed: Side;
  readonly moving: Side;
  readonly patch: Patch;
  readonly voxels: number;
  /** Lengths of a patch's axes as the network sees them (z y x). */
  readonly seen: readonly number[];
  /** For a network that wants canonical orientation: where each voxel it sees lies in the patch. */
  readonly order: Int32Array | undefined;
  /** Axes that the network sees backwards. */
  readonly mirrored: readonly boolean[] | undefined;
  /** Features of each layer in use. */
  readonly layers: readonly { readonly name: string; readonly channels: number }[];
}

/** What an eye is before its network has been tried. */
export type Lens = Omit<Eye, 'layers' | 'fixed' | 'moving'>;

export const sideOf = (open: OpenNetwork, image: Image): Side => ({
  open,
  feeds: imageFeeds(open.network, image),
});

/**
 * How patches go into a network. They run along the axes of the fixed image, whichever image they are of, so it
 * is the fixed image's direction that they are turned by.
 */
export function lensOf(options: ModelOptions, network: FeatureNetwork, fixed: Image): Lens {
  const { dimension, isCanonical, batch, name } = network;
  if (batch !== undefined) {
    const reason = `("${name}") takes batches of ${batch} and no other; export it with a batch axis that is free`;
    throw badArgument('model', reason);
  }
  const turn = isCanonical ? canonicalTurn(fixed.grid.direction, dimension) : undefined;
  const patch = patchOf(options, { network, turn }, fixed);
  const size = [...patch.size].reverse();
  return {
    patch,
    voxels: patchVoxels(patch),
    seen: turn === undefined ? size : turnedAxes(size, turn),
    order: turn && turnedPositions(size, turn),
    mirrored: turn?.flips,
  };
}

/** The patch that a model sees: what the caller wants, else its receptive field at the image's spacing. */
function patchOf(
  options: ModelOptions,
  { network, turn }: { network: FeatureNetwork; turn: Turn | undefined },
  image: Image,
): Patch {
  const { dimension, name } = network;
  const size = perAxis(options.patchSize ?? widestField(network, turn), dimension);
  if (size === undefined || size.includes(0)) {
    const reason =
      options.patchSize === undefined
        ? `is missing, and the graph of "${name}" does not tell what it sees`
        : `[${options.patchSize}] must be ${dimension} lengths above 0 in mode "jacobian"`;
    throw badArgument('options.patchSize', reason);
  }
  const voxel = perAxis(options.voxelSize ?? image.grid.spacing.slice(0, dimension), dimension);
  if (voxel === undefined) {
    throw badArgument('options.voxelSize', `[${options.voxelSize}] must be ${dimension} lengths`);
  }
  return { size, voxel };
}

/** Voxels that the layers see, along the axes of the image, x first. */
function widestField(
  { reaches, dimension }: FeatureNetwork,
  turn: Turn | undefined,
): readonly number[] | undefined {
  const fields = reaches.flatMap(({ field }) => (field === undefined ? [] : [field]));
  if (fields.length < reaches.length) return undefined;
  const widest = Array.from({ length: dimension }, (_, a) => Math.max(...fields.map((f) => f[a])));
  return [...(turn === undefined ? widest : turnedAxes(widest, inverseTurn(turn)))].reverse();
}

/** One number for every axis, or a number for each; undefined for another count. */
export function perAxis(
  values: readonly number[] | undefined,
  count: number,
): readonly number[] | undefined {
  if (values === undefined || values.length === count) return values;
  return values.length === 1 ? Array<number>(count).fill(values[0]) : undefined;
}

/** Layers whose features depend on more than the patch, with how much, x first. */
export function narrowLayers({ seen }: Lens, network: FeatureNetwork): readonly string[] {
  const lengths = (axes: readonly number[]) => [...axes].reverse().join(' x ');
  return network.reaches.flatMap(({ field }, l) =>
    field?.some((wanted, a) => seen[a] < wanted)
      ? [`${network.layers[l]} sees ${lengths(field)} voxels, the patch has ${lengths(seen)}`]
      : [],
  );
}

/** Tensor dimensions of so many patches. */
export const patchDims = (
  { network }: OpenNetwork,
  { seen }: Lens,
  samples: number,
): readonly number[] => [samples, network.channels, ...seen];

/** Runs the network on one patch of zeros, to learn its layers' channels before anything heavy starts. */
export async function probe(side: Side, lens: Lens): Promise<Eye['layers']> {
  const { network, lanes } = side.open;
  const data = new Float32Array(network.channels * lens.voxels);
  const dims = patchDims(side.open, lens, 1);
  const answers = await runPlain(lanes[0], side, { type: 'float32', dims, data }).catch(
    (error: Error) => {
      const reason = `("${network.name}") refuses a patch [${dims}] (batch, ${network.channels} channels, then ${network.dimension} axes): ${error.message}`;
      throw badArgument('model', reason, error);
    },
  );
  return network.layers.map((layer) => {
    const { dims: found, whole = [] } = answers[layer];
    if (whole.length !== network.dimension + 2 || whole.includes(0)) {
      throw badArgument(
        'model',
        `("${network.name}") gives [${whole}] as ${layer}, no map of features`,
      );
    }
    return { name: `${network.name}:${layer}`, channels: found[1] };
  });
}

const runPlain = ({ plain }: Lane, side: Side, input: PlainTensor): Promise<Answers> =>
  plain.run({
    feeds: { ...side.feeds, [side.open.network.input]: input },
    whole: [],
    centred: side.open.network.layers,
  });
