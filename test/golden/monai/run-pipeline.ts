import type { Json } from '@voxhost/sdk';
import {
  applyPending,
  type ComposeOptions,
  compose,
  flip,
  givenNoise,
  type Overrides,
  type Pipeline,
  type PipelineResult,
  parsePipeline,
  type Transform,
} from 'voxhost/lazy';
import { compareGrid, comparePlanes } from './compare.js';
import { pixelTypeNamed, readGoldenImage, readPlanes } from './golden-array.js';
import type { CaseContext, CaseRunner, Expected, MonaiCase, MonaiOp } from './monai-case.js';

/** Pipelines of MONAI's operations, sizes rounded as MONAI rounds them. */
export const runPipeline: CaseRunner = async (golden, context) => {
  const result = await forward(golden, context, await pipelineOf(golden, context));
  const worst = await compareResult(result, golden.expect as Expected, golden, context);
  const { analysis } = golden;
  if (analysis === undefined) return worst;
  const again = await forward(golden, context, await analysingPipeline(golden, context));
  return compareResult(again, golden.expect as Expected, golden, context);
};

/**
 * Each segment with overrides of its own: a pipeline in which the changes of mode flush by themselves. MONAI
 * ran one Compose per segment, so where neighbours have the same overrides they are kept apart.
 */
export const runSegments: CaseRunner = async (golden, context) => {
  const segments: Transform[] = [];
  let before: string | undefined;
  for (const { ops, overrides } of golden.segments ?? []) {
    const now = JSON.stringify(overrides);
    if (now === before) segments.push(applyPending());
    segments.push(compose(await transformsOf(ops, context), { overrides: overrides as Overrides }));
    before = now;
  }
  const pipeline = compose(segments, { lazy: true, shapes: 'monai' });
  const result = await forward(golden, context, pipeline);
  return compareResult(result, golden.expect as Expected, golden, context);
};

/** Samples through the generator, their places being given. */
export const runSamples: CaseRunner = async (golden, context) => {
  const before = await transformsOf(golden.ops, context);
  const crops = await Promise.all(
    (golden.samples ?? []).map((params) => transformsOf([{ op: 'SpatialCrop', params }], context)),
  );
  const given: Transform = {
    kind: 'samples',
    name: 'GivenSamples',
    params: {},
    sources: [],
    draw: () => crops.map((crop) => crop.filter((t) => t.kind === 'defined')),
  };
  const after = await transformsOf(golden.ops_after ?? [], context);
  const pipeline = compose([...before, given, ...after], optionsOf(golden));
  const expected = golden.expect as readonly Expected[];
  const source = await readGoldenImage(context.folder, context.inputs[golden.input]);
  let [worst, i] = [0, 0];
  for await (const result of pipeline.samples(context.router, source, context.settings)) {
    worst = Math.max(worst, await compareResult(result, expected[i++], golden, context));
  }
  if (i !== expected.length) throw new Error(`${i} samples where ${expected.length} are expected`);
  return worst;
};

/** Forward, then back: by one resample of the whole inverse, or transform by transform. */
export const runInverse: CaseRunner = async (golden, context) => {
  const expected = golden.expect as Expected;
  const pipeline = await pipelineOf(golden, context);
  const { image } = await forward(golden, context, pipeline);
  const back = await pipeline.invert(context.router, image, {
    ...context.settings,
    by: golden.kind === 'inverse_single' ? 'whole' : 'transform',
    ...(golden.inverse && { overrides: golden.inverse }),
  });
  return compareResult(back, expected, golden, context);
};

async function pipelineOf(golden: MonaiCase, context: CaseContext): Promise<Pipeline> {
  return compose(await transformsOf(golden.ops, context), optionsOf(golden));
}

const optionsOf = (golden: MonaiCase): ComposeOptions => ({
  shapes: 'monai',
  lazy: golden.lazy ?? null,
  overrides: (golden.overrides ?? {}) as Overrides,
});

/** The resolved crop (and its pad) replaced by the transform that measures it. */
async function analysingPipeline(golden: MonaiCase, context: CaseContext): Promise<Pipeline> {
  const { after_ops = 0, op = '', params = {} } = golden.analysis ?? {};
  const rest = golden.ops.slice(after_ops).filter(({ op: name }, i) => {
    return !(i === 0 && name === 'SpatialCrop') && !(i === 1 && name === 'BorderPad');
  });
  const ops = [...golden.ops.slice(0, after_ops), { op, params }, ...rest];
  return compose(await transformsOf(ops, context), optionsOf(golden));
}

async function forward(
  golden: MonaiCase,
  context: CaseContext,
  pipeline: Pipeline,
): Promise<PipelineResult> {
  const source = await readGoldenImage(context.folder, context.inputs[golden.input]);
  const { dtype } = golden.kind.startsWith('inverse')
    ? { dtype: 'float32' }
    : (golden.expect as Expected);
  return pipeline.run(context.router, source, {
    ...context.settings,
    pixelType: pixelTypeNamed(dtype),
  });
}

async function transformsOf(
  ops: readonly MonaiOp[],
  context: CaseContext,
): Promise<readonly Transform[]> {
  return Promise.all(ops.map((op) => transformOf(op, context)));
}

async function transformOf(
  { op, params, lazy }: MonaiOp,
  context: CaseContext,
): Promise<Transform> {
  if (op === 'Noise') {
    const { file } = params as { file: string };
    return givenNoise(await readGoldenImage(context.folder, context.inputs[file]));
  }
  const json = { _target_: op, ...params, ...(lazy !== undefined && { lazy }) } as Json;
  const [transform] = parsePipeline([json]).transforms;
  return transform ?? flip({ spatial_axis: [] });
}

async function compareResult(
  { image }: Pick<PipelineResult, 'image'>,
  expected: Expected,
  golden: MonaiCase,
  context: CaseContext,
): Promise<number> {
  compareGrid(image.grid, expected.shape, expected.affine);
  return comparePlanes(image.data, await readPlanes(context.folder, expected), golden.tol);
}
