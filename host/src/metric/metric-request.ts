import {
  type Demand,
  type Image,
  type Interpolator,
  type Json,
  type Metric,
  voxelCount,
} from '@voxhost/sdk';
import {
  amount,
  flag,
  json,
  listOf,
  object,
  optional,
  record,
  requireArgument,
  text,
} from '@voxhost/sdk/arguments';
import { type RulesOf, requireImage } from '../request-rules.js';
import { ROUTE_RULES } from '../routing/route-rules.js';
import type { RouteSettings } from '../routing/router.js';

/** A metric as a caller asks for it. */
export interface MetricRequest extends RouteSettings {
  readonly name: string;
  /** Of the metric itself, such as bins or radius; default none. */
  readonly options?: Json;
  readonly fixed: Image;
  readonly moving: Image;
  readonly fixedMask?: Image;
  readonly movingMask?: Image;
  /** Only for points off the fixed grid; default `linear`. */
  readonly fixedInterpolator?: Interpolator;
  /** Default `linear`. */
  readonly movingInterpolator?: Interpolator;
  /** May runs ask for the derivative? Default true. */
  readonly derivative?: boolean;
  /** What will be asked: default 100 runs over every fixed voxel, under any map that a transform becomes. */
  readonly demand?: Partial<Demand>;
}

/** A registration's iterations; only the choice of the backend depends on it. */
const DEFAULT_RUNS = 100;

/** Defaults stand for what is absent. */
const DEMAND = record({
  maps: optional(listOf(text)),
  samples: optional(text),
  perRun: optional(amount),
  runs: optional(amount),
} satisfies RulesOf<Demand>);

const REQUEST = record({
  ...ROUTE_RULES,
  name: text,
  options: optional(json),
  fixed: object,
  moving: object,
  fixedMask: optional(object),
  movingMask: optional(object),
  fixedInterpolator: optional(text),
  movingInterpolator: optional(text),
  derivative: optional(flag),
  demand: optional(DEMAND),
} satisfies RulesOf<MetricRequest>);

/** The operation that a request means. Pure. */
export function metricOperation(request: MetricRequest): Metric {
  requireArgument('request', request, REQUEST);
  const { name, fixed, moving, fixedMask, movingMask } = request;
  requireImage('fixed', fixed);
  requireImage('moving', moving);
  return {
    kind: 'metric',
    name,
    options: request.options ?? {},
    fixed,
    moving,
    ...(fixedMask && { fixedMask }),
    ...(movingMask && { movingMask }),
    fixedInterpolator: request.fixedInterpolator ?? 'linear',
    movingInterpolator: request.movingInterpolator ?? 'linear',
    derivative: request.derivative ?? true,
    demand: {
      maps: ['affine', 'field-1', 'field-3', 'points'],
      samples: 'grid',
      perRun: voxelCount(fixed.grid.size),
      runs: DEFAULT_RUNS,
      ...request.demand,
    },
  };
}
