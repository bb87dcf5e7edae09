import type { Image, Metric, PreparedParts } from '@voxhost/sdk';
import { badArgument } from '../bad-argument.js';
import { planLayers } from '../combine.js';
import type { Preparation } from '../mode.js';
import { mixesSamples } from '../model/mixes-samples.js';
import { type Eye, type Lens, lensOf, narrowLayers, probe, type Side, sideOf } from './eye.js';
import { CHUNK, MIXED_CHUNK, patchDemand } from './group-size.js';
import { look, lookBack } from './look.js';
import { runJacobian } from './run-jacobian.js';
import { prepareSamplers } from './samplers.js';

/** Networks are probed and warmed with the shapes that runs will have; the images go to the resampler. */
export async function prepareJacobian(preparation: Preparation): Promise<PreparedParts<'metric'>> {
  const { context, operation, options, models, signal } = preparation;
  const eyes: Eye[] = [];
  for (const k of options.models.keys()) eyes.push(await openEye(preparation, k));
  const layers = planLayers(
    eyes.flatMap((eye) => eye.layers),
    options.layers,
  );
  const voxelsPerSample = eyes.reduce((n, eye) => n + eye.voxels, 0);
  const isMixed = eyes.some(({ fixed, moving }) =>
    [fixed, moving].some(({ open }) => mixesSamples(open.network.model.graph)),
  );
  const chunk = isMixed ? MIXED_CHUNK : CHUNK;
  for (const eye of eyes) await warm(eye, operation, chunk);
  signal?.throwIfAborted();
  const demand = patchDemand(operation.demand, voxelsPerSample, options.samples);
  const samplers = await prepareSamplers(context, operation, demand, signal);
  const jacobian = { operation, options, eyes, layers, samplers, voxelsPerSample, chunk };
  return {
    run: (map, run) => runJacobian(jacobian, map, run),
    async dispose() {
      await samplers[Symbol.asyncDispose]();
      await models[Symbol.asyncDispose]();
    },
  };
}

async function openEye(preparation: Preparation, k: number): Promise<Eye> {
  const { context, operation, options, models } = preparation;
  const fixed = sideOf(models.fixed[k], operation.fixed);
  const moving = sideOf(models.moving[k], operation.moving);
  const { network } = fixed.open;
  const lens = lensOf(options.models[k], network, operation.fixed);
  requireAlike(fixed, moving, k);
  requireRoom(lens, operation);
  const layers = await probe(fixed, lens);
  const others = await probe(moving, lens);
  if (`${layers.map((l) => l.channels)}` !== `${others.map((l) => l.channels)}`) {
    const count = (all: Eye['layers']) => all.map((l) => l.channels).join(', ');
    const reason = `gives layers of ${count(others)} channels where the fixed model gives ${count(layers)}`;
    throw badArgument(`options.movingModels[${k}]`, reason);
  }
  for (const text of narrowLayers(lens, network)) {
    context.log('warn', `model ${network.name}: ${text}; its features see the padding`);
  }
  reportGaps(preparation, moving.open);
  if (moving.open.isFlat) {
    const text = `the layers of model ${network.name} change in steps: their derivative is 0 everywhere, and nothing can follow it`;
    context.log('warn', text);
  }
  return { fixed, moving, ...lens, layers };
}

/**
 * A patch must fit between the ends of the fixed image, along whose axes it lies, and somehow into the moving one;
 * one that can be turned at all, into their diagonals.
 */
function requireRoom({ patch }: Lens, { fixed, moving }: Metric): void {
  const extents = ({ grid: { size, spacing } }: Image) => size.map((n, a) => n * spacing[a]);
  const edges = patch.size.map((n, a) => (n - 1) * patch.voxel[a]);
  const isPlane = edges.length < fixed.grid.size.length;
  const rooms = { fixed: extents(fixed), moving: extents(moving) };
  for (const [which, room] of Object.entries(rooms)) {
    const fits = edges.every(
      (edge, a) => edge <= (which === 'fixed' && !isPlane ? room[a] : Math.hypot(...room)),
    );
    if (fits) continue;
    const [asked, there] = [edges, room].map((mm) => mm.map((l) => +l.toFixed(3)).join(' x '));
    const reason = `[${patch.size}] needs ${asked} mm between its first and last voxels, and the ${which} image has ${there}`;
    throw badArgument('options.patchSize', reason);
  }
}

/** Both images' patches have the same voxels. */
function requireAlike(fixed: Side, moving: Side, k: number): void {
  const [one, other] = [fixed.open.network, moving.open.network];
  if (one.dimension === other.dimension && one.isCanonical === other.isCanonical) return;
  const reason =
    'must have the dimension and orientation of the fixed model: they share their points';
  throw badArgument(`options.movingModels[${k}]`, reason);
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

/** In every lane a forward pass, and back, with a batch as runs will have, so that no kernel is chosen in the middle of one. */
async function warm(eye: Eye, { derivative, demand }: Metric, chunk: number): Promise<void> {
  const { fixed, moving } = eye;
  const samples = Math.max(1, Math.min(chunk, Math.ceil(demand.perRun)));
  const sides = fixed.open === moving.open ? [moving] : [fixed, moving];
  const warmLane = async (lane: number): Promise<void> => {
    for (const side of sides) {
      const data = new Float32Array(samples * side.open.network.channels * eye.voxels);
      const view = { data, samples, lane };
      await look(side, eye, view);
      if (!derivative || side !== moving) continue;
      const seen = await look(side, eye, { ...view, keep: true });
      if (seen.keep !== undefined) await lookBack(side, eye, seen, seen.rows);
    }
  };
  await Promise.all(Array.from(moving.open.lanes.keys(), warmLane));
}
