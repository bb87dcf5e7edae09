import type { Image, PixelType } from '@voxhost/sdk';
import { object, record, requireArgument } from '@voxhost/sdk/arguments';
import { HostError } from '../errors.js';
import { type ExecuteSettings, HOST_PROVENANCE, type Sampled } from '../lazy/execute-sampling.js';
import { executeSteps } from '../lazy/execute-steps.js';
import { type CacheCounts, createMapCache, type MapCache } from '../lazy/map-cache.js';
import { requireOverrides } from '../lazy/overrides.js';
import { createRandomStream } from '../lazy/random-stream.js';
import type { Step } from '../lazy/step.js';
import type {
  ContainerTransform,
  Overrides,
  SamplingTransform,
  Transform,
} from '../lazy/transform.js';
import { TRANSFORMS } from '../lazy/transform-rules.js';
import type { Shapes } from '../lazy/viewport.js';
import type { RulesOf } from '../request-rules.js';
import type { Provenance, Router } from '../routing/router.js';
import { container } from '../transforms/containers.js';
import { type CarryOut, type Entry, startEntry } from './entry.js';
import { explainWalk, type PipelineExplanations } from './explain-walk.js';
import { type InvertSettings, invertImage } from './invert.js';
import { keepPrepared } from './keep-prepared.js';
import { COMPOSE_RULES, INVERT_RULES, PIPELINE_RUN_RULES, ROUTER } from './pipeline-rules.js';
import { attachTrace, type Trace } from './trace.js';
import { type Entries, walk } from './walk.js';

/** How a pipeline treats its transforms. */
export interface ComposeOptions {
  /** Defer all (true), none (false), or leave it to each (null). Default false, or as outside when nested. */
  readonly lazy?: boolean | null;
  /** Replace what deferred operations declared; for entries of a dictionary by key. */
  readonly overrides?: Overrides;
  /** Default `real`. */
  readonly shapes?: Shapes;
  /** After reading voxels, go on from the source (one resample of it in the end) or from what was read. Default `discard`. */
  readonly analyse?: 'discard' | 'keep';
  /** Shared by several pipelines; default one of its own. */
  readonly cache?: MapCache;
}

/** What one run may say. */
export interface RunSettings extends ExecuteSettings {
  /** Of everything drawn: the same seed, the same result. Default 0. */
  readonly seed?: number;
  /** Of everything interpolated, where the transforms do not say. Default as it comes: integers stay integers. */
  readonly pixelType?: PixelType;
}

/** Whoever routes operations: a host. */
export type PipelineHost = Router;

/** One result, and what there is to know of it. */
export interface PipelineResult {
  readonly image: Image;
  /** Of the last run of a backend, or the host's where all were copies. */
  readonly provenance: Provenance;
  /** One per step. */
  readonly provenances: readonly Provenance[];
  /** What was carried out. */
  readonly steps: readonly Step[];
  /** Goes with the image too, as long as it lives: `traceOf(image)`. */
  readonly trace: Trace;
}

/** A dictionary's results by key. */
export type PipelineResults = { readonly [key: string]: PipelineResult };

/** The entries of a dictionary by key. */
export type ImageRecord = { readonly [key: string]: Image };

/** Transforms in order. Also a transform itself: nested, it stays fused with what stands around it. */
export interface Pipeline extends ContainerTransform {
  readonly counts: CacheCounts;
  /** Carries the transforms out on one image. Rejects with `USAGE` where one gives several samples. */
  run(host: PipelineHost, image: Image, settings?: RunSettings): Promise<PipelineResult>;
  /** The same for a dictionary: entries share what is drawn. */
  runAll(host: PipelineHost, images: ImageRecord, settings?: RunSettings): Promise<PipelineResults>;
  /** Depth first: a sample is finished before the next is begun, and none is kept. */
  samples(host: PipelineHost, image: Image, settings?: RunSettings): AsyncGenerator<PipelineResult>;
  samplesOfAll(
    host: PipelineHost,
    images: ImageRecord,
    settings?: RunSettings,
  ): AsyncGenerator<PipelineResults>;
  /** What a run would do and who would do it: nothing is sampled. Of several samples, the first. */
  explain(
    host: PipelineHost,
    images: ImageRecord,
    settings?: RunSettings,
  ): Promise<PipelineExplanations>;
  /** Brings a result back to the grid where its trace started. Rejects with `USAGE` without a trace. */
  invert(host: PipelineHost, image: Image, settings?: InvertSettings): Promise<Sampled>;
}

const COMPOSE = record(COMPOSE_RULES satisfies RulesOf<ComposeOptions>);
const RUN = record(PIPELINE_RUN_RULES satisfies RulesOf<RunSettings>);
const INVERT = record(INVERT_RULES satisfies RulesOf<InvertSettings>);

/** The key of an image that comes alone. */
const ALONE = 'image';

/**
 * Transforms in order, as one.
 *
 * @throws HostError `USAGE` for an override that nothing would heed.
 */
export function compose(transforms: readonly Transform[], options: ComposeOptions = {}): Pipeline {
  requireArgument('transforms', transforms, TRANSFORMS);
  requireArgument('options', options, COMPOSE);
  requireOverrides(options.overrides ?? {});
  const { shapes = 'real', analyse = 'discard', cache = createMapCache() } = options;
  const whole = container('Compose', transforms, options, () => transforms);
  async function* all(host: PipelineHost, images: ImageRecord, settings: RunSettings = {}) {
    requireRunning(host, images, settings);
    // Samples come from one source again and again; steps of one result each from another.
    await using kept = samplingIn(transforms) && keepPrepared(host);
    const router = kept ?? host;
    const carryOut: CarryOut = (source, steps) => executeSteps(source, steps, { router, settings });
    for await (const entries of walkAll(images, settings, carryOut)) yield resultsOf(entries);
  }
  const walkAll = (images: ImageRecord, settings: RunSettings, carryOut: CarryOut) => {
    const start = mapEntries(images, (image) => startEntry(image, shapes, settings.pixelType));
    const random = createRandomStream(settings.seed ?? 0);
    const frame = { transform: whole, lazy: false, overrides: {} };
    return walk([frame], start, { carryOut, random, cache, analyse });
  };
  const runAll: Pipeline['runAll'] = async (host, images, settings) => {
    requireSingle(transforms);
    for await (const results of all(host, images, settings)) return results;
    throw new HostError('USAGE', { reason: 'the pipeline gave no result' });
  };
  return Object.freeze({
    ...whole,
    runAll,
    samplesOfAll: all,
    run: async (host: PipelineHost, image: Image, settings?: RunSettings) =>
      (await runAll(host, { [ALONE]: image }, settings))[ALONE],
    async *samples(host: PipelineHost, image: Image, settings?: RunSettings) {
      for await (const results of all(host, { [ALONE]: image }, settings)) yield results[ALONE];
    },
    explain: async (host: PipelineHost, images: ImageRecord, settings: RunSettings = {}) => {
      requireRunning(host, images, settings);
      return explainWalk((carryOut) => walkAll(images, settings, carryOut), host, settings);
    },
    invert: async (host: PipelineHost, image: Image, settings: InvertSettings = {}) => {
      requireArgument('host', host, ROUTER);
      requireArgument('settings', settings, INVERT);
      return invertImage(image, settings, { router: host, cache });
    },
    get counts() {
      return cache.counts;
    },
  });
}

function requireRunning(host: PipelineHost, images: ImageRecord, settings: RunSettings): void {
  requireArgument('host', host, ROUTER);
  requireArgument('images', images, object);
  requireArgument('settings', settings, RUN);
}

function requireSingle(transforms: readonly Transform[]): void {
  const many = samplingIn(transforms);
  if (many === undefined) return;
  throw new HostError('USAGE', {
    reason: `${many.name} gives several samples; ask for samples()`,
  });
}

/** The first transform, at any depth, that gives several samples. */
export function samplingIn(transforms: readonly Transform[]): SamplingTransform | undefined {
  for (const transform of transforms) {
    if (transform.kind === 'samples') return transform;
    const inside = transform.kind === 'container' ? samplingIn(transform.transforms) : undefined;
    if (inside !== undefined) return inside;
  }
  return undefined;
}

const resultsOf = (entries: Entries): PipelineResults => mapEntries(entries, resultOf);

function resultOf({ image, trace, provenances, steps }: Entry): PipelineResult {
  attachTrace(image, trace);
  const provenance = provenances.findLast((p) => p.backend !== HOST_PROVENANCE.backend);
  return { image, trace, provenances, steps, provenance: provenance ?? HOST_PROVENANCE };
}

const mapEntries = <T, U>(
  record: { readonly [key: string]: T },
  make: (value: T) => U,
): { readonly [key: string]: U } =>
  Object.fromEntries(Object.entries(record).map(([key, value]) => [key, make(value)]));
