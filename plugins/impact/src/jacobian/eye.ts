import type { Image } from '@voxhost/sdk';
import { badArgument } from '../bad-argument.js';
import { imageFeeds, type OpenNetwork } from '../model/open-network.js';
import type { ModelOptions } from '../options/options.js';
import { type Patch, patchVoxels } from '../sampling/patch-points.js';
import type { Session } from '../session/engine.js';
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
  /** Features of each layer in use. */
  readonly layers: readonly { readonly name: string; readonly channels: number }[];
}

export const sideOf = (open: OpenNetwork, image: Image): Side => ({
  open,
  feeds: imageFeeds(open.network, image),
});

/** The patch that a model sees: what the caller wants, else its receptive field at the image's spacing. */
export function patchOf(options: ModelOptions, { network }: OpenNetwork, image: Image): Patch {
  const { dimension, reaches, name } = network;
  const fields = reaches.map(({ field }) => field);
  const widest = fields.every((field) => field !== undefined)
    ? Array.from({ length: dimension }, (_, a) =>
        Math.max(...fields.map((f) => f[dimension - 1 - a])),
      )
    : undefined;
  const size = perAxis(options.patchSize ?? widest, dimension);
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

/** One number for every axis, or a number for each; undefined for another count. */
export function perAxis(
  values: readonly number[] | undefined,
  count: number,
): readonly number[] | undefined {
  if (values === undefined || values.length === count) return values;
  return values.length === 1 ? Array<number>(count).fill(values[0]) : undefined;
}

/** Axes along which a patch is narrower than what a feature depends on. */
export function narrowAxes({ size }: Patch, { network }: OpenNetwork): readonly string[] {
  return network.reaches.flatMap(({ field }, l) =>
    (field ?? []).flatMap((wanted, a) => {
      const given = size[size.length - 1 - a];
      return given < wanted
        ? [`${network.layers[l]} sees ${wanted} voxels, the patch has ${given}`]
        : [];
    }),
  );
}

/** Tensor dimensions of so many patches. */
export const patchDims = (
  { open: { network } }: Side,
  patch: Patch,
  samples: number,
): readonly number[] => [samples, network.channels, ...[...patch.size].reverse()];

/** Runs the network on one patch of zeros, to learn its layers' channels before anything heavy starts. */
export async function probe(side: Side, patch: Patch): Promise<Eye['layers']> {
  const { network, plain } = side.open;
  const data = new Float32Array(network.channels * patchVoxels(patch));
  const dims = patchDims(side, patch, 1);
  const answers = await runPlain(plain, side, { type: 'float32', dims, data }).catch(
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

export const runPlain = (session: Session, side: Side, input: PlainTensor): Promise<Answers> =>
  session.run({
    feeds: { ...side.feeds, [side.open.network.input]: input },
    whole: [],
    centred: side.open.network.layers,
  });
