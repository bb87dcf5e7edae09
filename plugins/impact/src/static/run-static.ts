import type { IndexMap, Json, Measured, Metric, MetricRun } from '@voxhost/sdk';
import { chooseChannels, isPerSample, type Layer, requireScales, total } from '../combine.js';
import { parseRunOptions } from '../options/parse-options.js';
import { withPoints } from '../sampling/draw-points.js';
import { createRandom } from '../sampling/random.js';
import type { LayerMaps } from './layer-maps.js';
import { type FixedGrid, type Looking, lookInTurn } from './look.js';
import { type Part, planParts } from './parts.js';
import { createPull, type Pull } from './pull.js';
import { createStatistic, type Statistic } from './statistic.js';
import { addPartLoss, createTally, type LayerWork, type Tally } from './tally.js';

/** All that Static mode keeps between runs. */
export interface Static {
  readonly operation: Metric;
  readonly layers: readonly Layer[];
  readonly maps: readonly LayerMaps[];
  /** Drawn for runs that name no points. */
  readonly samples: number | undefined;
  readonly fixedGrid: FixedGrid;
}

/**
 * Features with their derivatives that are sampled at once, of which each takes 16 bytes: parts of 8 MiB, which are made, sent
 * and summed up in a cache, one while the next is sampled.
 */
const MOST_FEATURES = 2 ** 19;

interface Course {
  readonly looking: Looking;
  readonly works: readonly LayerWork[];
  readonly run: MetricRun;
  readonly tally: Tally;
  readonly pull: Pull | undefined;
}

export async function runStatic(
  fixedMaps: Static,
  map: IndexMap,
  asked: MetricRun,
): Promise<Measured> {
  const { operation, layers, maps, fixedGrid } = fixedMaps;
  const options = parseRunOptions(asked.options);
  requireScales(layers, options);
  const random = createRandom(options.seed);
  const channels = chooseChannels(layers, options, random);
  const run = withPoints(operation, { samples: fixedMaps.samples, map }, asked, random);
  const dims = operation.fixed.grid.size.length;
  const features = layers.reduce((sum, layer) => sum + layer.channels, 0);
  const most = Math.max(1, Math.floor(MOST_FEATURES / features));
  const parts = planParts(operation, { map, points: run.points }, most);
  const pull = run.derivative ? createPull(map, parts.samples, dims) : undefined;
  const works = layers.map((layer, l) => ({
    ...{ layer, channels: channels[l] },
    factors: maps[l].movingRatio.map((ratio) => ratio * layer.weight * (options.scales?.[l] ?? 1)),
  }));
  const looking = { parts, maps, fixedGrid, signal: run.signal };
  const tally = createTally(layers.length, dims);
  await measure({ looking, works, run, tally, pull });
  const { samples, sums } = tally;
  const { value, details } = total(layers, sums, samples, options);
  const facts: Json = { ...details, seed: options.seed, subset: channels };
  const derivative = pull?.derivative.map((d) => (samples === 0 ? 0 : d / samples));
  return { value, samples, ...(derivative && { derivative }), details: facts };
}

async function measure(course: Course): Promise<void> {
  const { looking, works, run, tally, pull } = course;
  const all = works.map((_, l) => l);
  const statistics = new Map<number, Statistic>();
  for (const l of all) {
    if (isPerSample(works[l].layer)) continue;
    statistics.set(l, createStatistic(works[l], looking.parts.samples, pull !== undefined));
  }
  for await (const { k, part, views } of lookInTurn(looking, all)) {
    tally.clear(part);
    for (const l of all) {
      const statistic = statistics.get(l);
      if (statistic !== undefined) statistic.see(part, k, views[l]);
      else tally.sums[l] += addPartLoss(works[l], { part, view: views[l] }, pull && tally);
      run.progress?.((k + (l + 1) / all.length) / looking.parts.count);
    }
    tally.samples += part.valid;
    pull?.add(part, tally.slopes);
  }
  for (const [l, statistic] of statistics) {
    tally.sums[l] = statistic.evaluate();
    if (pull !== undefined) await addStatistic(course, l, statistic);
  }
}

/** A statistic over all samples has its derivative when all were seen; parts that were not kept are looked at again. */
async function addStatistic(
  { looking, tally, pull }: Course,
  l: number,
  statistic: Statistic,
): Promise<void> {
  const add = (part: Part, k: number, moving: Float32Array): void => {
    tally.clear(part);
    statistic.addSlopes({ part, k, moving }, tally);
    pull?.add(part, tally.slopes);
  };
  if (statistic.kept !== undefined) {
    for (const [k, moving] of statistic.kept.entries()) add(looking.parts.part(k), k, moving);
    return;
  }
  for await (const { k, part, views } of lookInTurn(looking, [l])) add(part, k, views[0].moving);
}
