import { type Image, type Pixels, pixelTypeFacts, voxelCount } from '@voxhost/sdk';
import { HostError } from '../errors.js';
import { HOST_PROVENANCE } from '../lazy/execute-sampling.js';
import { planSampling, type SamplingPlan } from '../lazy/sampling.js';
import { pixelTypeAfter, type Step } from '../lazy/step.js';
import type { Explanation } from '../routing/explanation.js';
import type { Router, RouteSettings } from '../routing/router.js';
import type { CarryOut, Entry } from './entry.js';
import type { Entries } from './walk.js';

/** One step that a run would take, and why so. */
export interface StepExplanation {
  readonly kind: Step['kind'];
  /** Of a sampling: the cheapest exact form. */
  readonly form?: SamplingPlan['form'];
  readonly why: string;
  readonly size: readonly number[];
  /** Who would serve; absent where the host does it itself. */
  readonly routing?: Explanation;
}

export interface PipelineExplanation {
  readonly steps: readonly StepExplanation[];
}

export type PipelineExplanations = { readonly [key: string]: PipelineExplanation };

/** Walks without sampling: every step leaves an image that has a grid and no voxels. */
export async function explainWalk(
  walk: (carryOut: CarryOut) => AsyncGenerator<Entries>,
  router: Pick<Router, 'explain'>,
  settings: RouteSettings,
): Promise<PipelineExplanations> {
  const taken = new Map<Step, Image>();
  const carryOut: CarryOut = async (source, steps) => {
    let image = source;
    for (const step of steps) {
      taken.set(step, image);
      image = hollowAfter(step, image);
    }
    return { image, provenances: steps.map(() => HOST_PROVENANCE) };
  };
  for await (const entries of walk(carryOut)) {
    const explained = Object.entries(entries).map(async ([key, entry]) => {
      const steps = await explainEntry(entry, taken, (step, source) =>
        explainStep(step, source, (operation) => router.explain(operation, settings)),
      );
      return [key, { steps }] as const;
    });
    return Object.fromEntries(await Promise.all(explained));
  }
  return {};
}

type Ask = (step: Step, source: Image) => Promise<StepExplanation>;

async function explainEntry(
  entry: Entry,
  taken: ReadonlyMap<Step, Image>,
  ask: Ask,
): Promise<readonly StepExplanation[]> {
  const explained: StepExplanation[] = [];
  for (const step of entry.steps) explained.push(await ask(step, taken.get(step) ?? entry.image));
  return explained;
}

async function explainStep(
  step: Step,
  source: Image,
  explain: Router['explain'],
): Promise<StepExplanation> {
  if (step.kind !== 'sample') {
    return { kind: step.kind, why: step.why, size: hollowAfter(step, source).grid.size };
  }
  const { map, output, modes, copies } = step;
  const plan = planSampling({ source, map, output, copies, ...modes });
  const common = { kind: step.kind, form: plan.form, size: output.size } as const;
  const why = `${plan.why}; ${step.why}`;
  if (plan.form === 'copy') return { ...common, why };
  return { ...common, why, routing: await explain(plan.operation) };
}

/** What a step leaves, without its voxels: routing may know how many there are; reading one would need the run. */
function hollowAfter(step: Step, source: Image): Image {
  const grid = step.kind === 'pointwise' ? source.grid : step.output;
  const pixelType = pixelTypeAfter([step], source.pixelType);
  const length = voxelCount(grid.size) * source.channels;
  const known: { readonly [name: string]: number } = {
    length,
    byteLength: length * pixelTypeFacts(pixelType).bytes,
  };
  const data = new Proxy({} as Pixels, {
    get: (_, name) => {
      if (typeof name === 'string' && Object.hasOwn(known, name)) return known[name];
      throw new HostError('NOT_EXPRESSIBLE', {
        what: 'the rest of the pipeline',
        reason: 'depends on voxels that only a run makes',
        remedy: 'run it: its result tells the steps that were taken',
      });
    },
  });
  return { grid, channels: source.channels, pixelType, data };
}
