import type { DistanceName } from '../distances/index.js';

/** Where a model's graph comes from: generated MIND, or an ONNX file. */
export type ModelSource =
  | {
      readonly kind: 'mind';
      readonly radius: number;
      readonly dilation: number;
      readonly flavour: 'instance' | 'batch';
    }
  | { readonly kind: 'file'; readonly path: string };

/** One model, and how it sees the image. What is absent follows from the model and the image. */
export interface ModelOptions {
  readonly source: ModelSource;
  /** 2 or 3; default what the model's input tells, of MIND that of the image. */
  readonly dimension?: 2 | 3;
  /** The grey channel is repeated so many times; default what the model's input tells, or 1. */
  readonly channels?: number;
  /**
   * Voxels per axis, x first; default the receptive field in Jacobian mode, 0 in Static mode, which means the
   * whole axis.
   */
  readonly patchSize?: readonly number[];
  /** Millimetres at which the model sees the image, x first; default the fixed image's spacing. */
  readonly voxelSize?: readonly number[];
  /** Outputs of the model that are used, by number; default all. */
  readonly layers?: readonly number[];
}

/** How one layer's features are compared. */
export interface LayerOptions {
  readonly distance: DistanceName;
  readonly weight: number;
  /** Channels drawn at random for each run; absent: all. */
  readonly subset?: number;
  /** Principal components kept, 0 for none; Static mode only. */
  readonly pca: number;
}

/** The options of the metric, checked and complete but for what models and images decide. */
export interface ImpactOptions {
  readonly mode: 'static' | 'jacobian';
  readonly models: readonly ModelOptions[];
  /** Models of the moving image where they differ; as many as `models`. */
  readonly movingModels?: readonly ModelOptions[];
  /** One for every used layer of every model in order, or one for all. */
  readonly layers: readonly LayerOptions[];
  /** Points drawn for each run that names none; absent: every voxel of the fixed image. */
  readonly samples?: number;
  /** Execution provider of onnxruntime, nothing else is tried; default that of the plugin's target. */
  readonly provider?: string;
  /** The map's derivative at every voxel of a patch, instead of at its centre. */
  readonly exactPatchJacobian: boolean;
  /** Most memory, in MiB, that one run of a model on a whole volume may need before it is tiled. */
  readonly memoryMiB: number;
  /** Folder that feature maps are written to; Static mode only. */
  readonly featureMaps?: string;
}

/** What a run may say. */
export interface ImpactRunOptions {
  /** Of channel subsets and random planes. */
  readonly seed: number;
  /** Channels per layer, instead of a draw. */
  readonly subset?: readonly (readonly number[])[];
  /** Factor per layer; what `details.scales` of another run said makes that run's L1 and L2 layers 1. */
  readonly scales?: readonly number[];
}
