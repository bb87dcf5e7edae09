import type { Context, IndexMap, Measured, Metric, MetricRun } from '@voxhost/sdk';
import { badArgument } from '../bad-argument.js';
import { planLayers } from '../combine.js';
import type { OpenModels } from '../model/open-models.js';
import type { ImpactOptions } from '../options/options.js';
import { patchVoxels } from '../sampling/patch-points.js';
import type { Engine } from '../session/engine.js';
import { type Eye, narrowAxes, patchDims, patchOf, probe, sideOf } from './eye.js';
import { look, lookBack } from './look.js';
import { CHUNK, type Jacobian, runJacobian } from './run-jacobian.js';
import { prepareSamplers } from './samplers.js';

/** What both modes are prepared from. */
export interface Preparation {
  readonly context: Context;
  readonly operation: Metric;
  readonly options: ImpactOptions;
  readonly engine: Engine;
  readonly models: OpenModels;
  readonly signal: AbortSignal | undefined;
}

/** A mode, ready to run. */
export interface Runner extends AsyncDisposable {
  run(map: IndexMap, run: MetricRun): Promise<Measured>;
}

/** Networks are probed and warmed with the shapes that runs will have; the images go to the resampler. */
export async function prepareJacobian(preparation: Preparation): Promise<Runner> {
  const { context, operation, options, engine, models, signal } = preparation;
  const eyes: Eye[] = [];
  for (const k of options.models.keys()) eyes.push(await openEye(preparation, k));
  const layers = planLayers(
    eyes.flatMap((eye) => eye.layers),
    options.layers,
  );
  const voxelsPerSample = eyes.reduce((n, eye) => n + eye.voxels, 0);
  for (const eye of eyes) await warm(engine, eye, operation.derivative);
  signal?.throwIfAborted();
  const samplers = await prepareSamplers(context, operation, voxelsPerSample, signal);
  const jacobian: Jacobian = {
    operation,
    options,
    engine,
    eyes,
    layers,
    samplers,
    voxelsPerSample,
  };
  return {
    run: (map, run) => runJacobian(jacobian, map, run),
    async [Symbol.asyncDispose]() {
      await samplers[Symbol.asyncDispose]();
      await models[Symbol.asyncDispose]();
    },
  };
}

async function openEye(preparation: Preparation, k: number): Promise<Eye> {
  const { context, operation, options, models } = preparation;
  const fixed = sideOf(models.fixed[k], operation.fixed);
  const moving = sideOf(models.moving[k], operation.moving);
  const patch = patchOf(options.models[k], fixed.open, operation.fixed);
  const layers = await probe(fixed, patch);
  const others = await probe(moving, patch);
  if (`${layers.map((l) => l.channels)}` !== `${others.map((l) => l.channels)}`) {
    const count = (all: Eye['layers']) => all.map((l) => l.channels).join(', ');
    const reason = `gives layers of ${count(others)} channels where the fixed model gives ${count(layers)}`;
    throw badArgument(`options.movingModels[${k}]`, reason);
  }
  for (const text of narrowAxes(patch, fixed.open)) {
    context.log('warn', `model ${fixed.open.network.name}: ${text}; its features see the padding`);
  }
  reportGaps(preparation, moving.open);
  return { fixed, moving, patch, voxels: patchVoxels(patch), layers };
}

function reportGaps(
  { context, options }: Preparation,
  { gaps, network }: Eye['moving']['open'],
): void {
  if (gaps.length === 0) return;
  const reasons = gaps.map(({ op, reason }) => `${op}: ${reason}`).join('; ');
  if (options.exactPatchJacobian) {
    const reason = `needs the gradient of "${network.name}", which cannot be built: ${reasons}`;
    throw badArgument('options.exactPatchJacobian', reason);
  }
  const text = `model ${network.name} has no gradient graph (${reasons}); differences of shifted patches are used, about three times slower and good to some percent`;
  context.log('warn', text);
}

/** One forward pass, and back, with a full batch, so that no kernel is chosen in the middle of a run. */
async function warm(engine: Engine, eye: Eye, derivative: boolean): Promise<void> {
  for (const side of [eye.fixed, eye.moving]) {
    const [, channels = 1] = patchDims(side, eye.patch, CHUNK);
    const data = new Float32Array(CHUNK * channels * eye.voxels);
    const isBack = derivative && side.open.way !== undefined;
    const seen = await look(
      side,
      eye,
      { data, samples: CHUNK },
      isBack ? engine.nextNumber() : undefined,
    );
    if (isBack) await lookBack(side, eye, seen, seen.rows);
  }
}
