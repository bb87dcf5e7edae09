import type { Image, Json } from '@voxhost/sdk';
import type { PendingOperation } from './pending.js';
import type { RandomStream } from './random-stream.js';
import type { Viewport } from './viewport.js';

/** Parameters by MONAI's names, as a trace and a PIPELINE.json hold them. */
export type Params = { readonly [name: string]: Json | undefined };

interface Named {
  /** MONAI's name where MONAI has one. */
  readonly name: string;
  readonly params: Params;
  /** Deferred or carried out at once, where the pipeline leaves it to each. Default false. */
  readonly lazy?: boolean;
  /** Entries of a dictionary that it works on. Default all. */
  readonly keys?: readonly string[];
}

/** Known from the viewport alone: a definition and nothing else. */
export interface DefinedTransform extends Named {
  readonly kind: 'defined';
  /** The same for single entries with parameters of their own: modes mostly. */
  readonly perKey?: { readonly [key: string]: DefinedTransform };
  /** Stands for the parameters where content is compared; default their JSON. */
  readonly content?: string;
  /** Throws `BAD_ARGUMENT` or `NOT_EXPRESSIBLE`. */
  define(viewport: Viewport): readonly PendingOperation[];
}

/** What was drawn, as transforms with the modes of one entry. */
export type Drawn = (modes: Params) => readonly DefinedTransform[];

/** Draws once, in the space of its first entry; then it is the transforms that the trace keeps. */
export interface RandomTransform extends Named {
  readonly kind: 'random';
  /** Modes of single entries. */
  readonly perKey?: { readonly [key: string]: Params };
  /** Do drawn parameters count voxels, so that entries need one size to share them? */
  readonly countsVoxels: boolean;
  draw(random: RandomStream, viewport: Viewport): Drawn;
}

/** Reads voxels, then it is another transform. */
export interface AnalysingTransform extends Named {
  readonly kind: 'analysing';
  /** Entry whose voxels decide. Default the first it works on. */
  readonly source?: string;
  analyse(image: Image): readonly DefinedTransform[];
}

/** Samples on the frame of another entry as it stands there: then it is a transform of that frame. */
export interface MatchingTransform extends Named {
  readonly kind: 'matching';
  readonly reference: string;
  readonly perKey?: { readonly [key: string]: MatchingTransform };
  match(reference: Viewport): DefinedTransform;
}

/** Gives several results of one input. */
export interface SamplingTransform extends Named {
  readonly kind: 'samples';
  /** Entries whose voxels decide where; none: the viewport alone. */
  readonly sources: readonly string[];
  /** One sample after another, drawn as they are asked for. */
  draw(
    random: RandomStream,
    viewport: Viewport,
    images: readonly Image[],
  ): Iterable<readonly DefinedTransform[]>;
}

/** Holds transforms; which of them run, and in which order, may be drawn. */
export interface ContainerTransform extends Omit<Named, 'lazy'> {
  readonly kind: 'container';
  readonly transforms: readonly Transform[];
  /** True or false for all inside, null leaves it to each; absent: as outside. */
  readonly lazy?: boolean | null;
  /** In force inside, on top of those outside. */
  readonly overrides?: Overrides;
  pick(random: RandomStream): readonly Transform[];
}

/** Applies what is pending, of all entries or of its keys. */
export interface ApplyPendingTransform extends Named {
  readonly kind: 'apply-pending';
}

/** What a pipeline is made of. */
export type Transform =
  | DefinedTransform
  | RandomTransform
  | AnalysingTransform
  | MatchingTransform
  | SamplingTransform
  | ContainerTransform
  | ApplyPendingTransform;

/** One value for all entries, or one for each. */
export type PerKey<T> = T | { readonly [key: string]: T };

/** Replaces what operations declared where they are deferred. */
export interface Overrides {
  readonly mode?: PerKey<string | number>;
  readonly padding_mode?: PerKey<string>;
  readonly align_corners?: PerKey<boolean | null>;
  readonly dtype?: PerKey<string>;
  /** `auto` copies where it can; anything else always interpolates. */
  readonly resample_mode?: PerKey<string>;
}

/** Overrides of one entry. */
export interface EntryOverrides {
  readonly mode?: string | number;
  readonly padding_mode?: string;
  readonly align_corners?: boolean | null;
  readonly dtype?: string;
  readonly resample_mode?: string;
}
