import {
  type IndexMap,
  identityMap,
  type Json,
  locateAll,
  type Measured,
  type Metric,
  type MetricRun,
  type RunOptions,
} from '@voxhost/sdk';
import { flag, float64, json, optional, record, requireArgument } from '@voxhost/sdk/arguments';
import { METRIC_NAMES } from '@voxhost/sdk/reference';
import { differentiableMap, type GridPair } from '../geometry/parameter-derivative.js';
import { toIndexMap } from '../geometry/to-index-map.js';
import type { Transform } from '../geometry/transform.js';
import { requireTransform } from '../geometry/transform-problem.js';
import { RUN_RULES, type RulesOf } from '../request-rules.js';
import type { Routed, RoutedPrepared, Router } from '../routing/router.js';
import { type MetricRequest, metricOperation } from './metric-request.js';

/** What one run of a metric may say. */
export interface MetricRunRequest extends RunOptions {
  /** Fixed index space (x y z, ...); default every voxel of the fixed grid. */
  readonly points?: Float64Array;
  /** Default what the metric was made with. */
  readonly derivative?: boolean;
  /** What varies between runs: seed, channel subset, layer scales. */
  readonly options?: Json;
}

const RUN = record({
  ...RUN_RULES,
  points: optional(float64),
  derivative: optional(flag),
  options: optional(json),
} satisfies RulesOf<MetricRunRequest>);

/** Two images made ready to be compared under many transforms; images stay where the backend has them. */
export interface PreparedMetric extends AsyncDisposable {
  /** Name of the backend that serves. */
  readonly backend: string;
  /**
   * The metric under a physical transform, from fixed points to moving points (LPS, mm). The derivative is by
   * the transform's own parameters, of a composite by those of all its members in ITK's order.
   */
  run(transform: Transform, run?: MetricRunRequest): Promise<Routed<Measured>>;
  /** The metric under a map from fixed index to moving index; the derivative is by the map's free parameters. */
  runMap(map: IndexMap, run?: MetricRunRequest): Promise<Routed<Measured>>;
}

/** Prepares a metric on the backend that routing chooses. */
export async function prepareMetric(
  router: Pick<Router, 'prepare'>,
  request: MetricRequest,
): Promise<PreparedMetric> {
  const operation = metricOperation(request);
  const prepared = await router.prepare(operation, request);
  const grids = { output: operation.fixed.grid, input: operation.moving.grid };
  return preparedMetric(prepared, grids, operation);
}

function preparedMetric(
  prepared: RoutedPrepared<'metric'>,
  grids: GridPair,
  { name, derivative }: Metric,
): PreparedMetric {
  const toRun = (run: MetricRunRequest): MetricRun => {
    requireArgument('run', run, RUN);
    return { derivative, ...run };
  };
  const looksAround = !METRIC_NAMES.includes(name); // those of the contract go sample by sample
  return {
    get backend() {
      return prepared.backend;
    },
    run: async (transform, run = {}) => {
      const full = toRun(run);
      requireTransform(transform);
      const { map, toParameters } = mapOf(transform, grids, { run: full, looksAround });
      const measured = await prepared.run(map, full);
      const byMap = measured.derivative;
      return byMap === undefined ? measured : { ...measured, derivative: toParameters(byMap) };
    },
    runMap: async (map, run = {}) => prepared.run(map, toRun(run)),
    [Symbol.asyncDispose]: () => prepared[Symbol.asyncDispose](),
  };
}

/** Folded where nobody asks for a derivative and it folds; else the form whose derivative reaches all parameters. */
function mapOf(
  transform: Transform,
  grids: GridPair,
  { run, looksAround }: { readonly run: MetricRun; readonly looksAround: boolean },
): ReturnType<typeof differentiableMap> {
  const folded = run.derivative ? undefined : toIndexMap(transform, grids.output, grids.input);
  if (folded !== undefined && folded.kind !== 'sequence') {
    return { map: folded, toParameters: (byMap) => byMap };
  }
  return differentiableMap(transform, grids, run.points ?? everyVoxel(grids), looksAround);
}

function everyVoxel({ output }: GridPair): Float64Array {
  const dims = output.size.length;
  return locateAll(identityMap(dims), { size: output.size }, dims);
}
