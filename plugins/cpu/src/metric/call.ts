import {
  type IndexMap,
  METRIC_BOUNDARY,
  type Metric,
  type MetricOptions,
  type MetricRun,
} from '@voxhost/sdk';
import { viewOf } from '../copy.js';
import { encodeJob, type ResidentSource } from '../encode-job.js';
import type { Engine } from '../engine.js';
import type { Held } from '../held.js';
import { JOB_BYTES } from '../job-layout.js';
import type { LatticeCopies } from '../lattices.js';

import { samplingRules } from '../sampling-rules.js';
import { bringSteps, writePoints } from '../write-map.js';
import type { Residents } from './residents.js';
import type { Sites } from './sites.js';

/** A metric whose images are in the workers' memory. */
export interface Subject {
  readonly engine: Engine;
  readonly operation: Metric;
  readonly options: MetricOptions;
  readonly residents: Residents;
  readonly lattices: LatticeCopies;
  /** The fixed image as points are read from it; its coefficients are computed for the first that need them. */
  readonly fixedAtPoints: (signal: AbortSignal | undefined) => Promise<ResidentSource>;
  /** The fixed bin of every voxel and channel, for mutual information; else 0. */
  readonly fixedBins: number;
}

/** One run in the workers' memory. */
export interface Call {
  readonly subject: Subject;
  readonly map: IndexMap;
  readonly run: MetricRun;
  readonly sites: Sites;
  readonly isWide: boolean;
  /** Released when the run ends. */
  readonly held: Held;
  /** Addresses of resample jobs: of the moving image, and of the fixed one at points or 0. */
  readonly movingJob: number;
  readonly fixedJob: number;
  readonly steps: number;
  /** Of the listed samples, x y z each; or 0. */
  readonly list: number;
}

export async function openCall(
  subject: Subject,
  { map, run, sites }: Pick<Call, 'map' | 'run' | 'sites'>,
  held: Held,
): Promise<Call> {
  const { engine, operation, residents, lattices } = subject;
  const fixedSource = sites.points && (await subject.fixedAtPoints(run.signal));
  const isWide = sites.isList || !residents.isNarrow;
  const list = writeList(engine, sites.list, sites.dims, held);
  const points =
    sites.points === sites.list ? list : writeList(engine, sites.points, sites.dims, held);
  const bringing = { lattices, held, signal: run.signal };
  const steps = await bringSteps(engine, map, bringing);
  const jobOf = (
    source: ResidentSource,
    interpolator: Metric['movingInterpolator'],
    reads: { readonly points: number; readonly steps?: typeof steps },
  ): number => {
    const address = held.allocate(JOB_BYTES);
    encodeJob(viewOf(engine.heap, address, JOB_BYTES), {
      dims: sites.dims,
      channels: operation.fixed.channels,
      gradient: false,
      wide: isWide,
      source,
      rules: samplingRules(interpolator, METRIC_BOUNDARY),
      output: { address: 0, type: source.type, size: sites.size, start: [0, 0, 0] },
      tile: sites.tile,
      steps: reads.steps ?? { address: 0, count: 0 },
      points: reads.points,
    });
    return address;
  };
  return {
    subject,
    map,
    run,
    sites,
    isWide,
    held,
    movingJob: jobOf(residents.moving, operation.movingInterpolator, { points: list, steps }),
    fixedJob:
      fixedSource === undefined ? 0 : jobOf(fixedSource, operation.fixedInterpolator, { points }),
    steps: steps.address,
    list,
  };
}

function writeList(
  engine: Engine,
  list: Float64Array | undefined,
  dims: number,
  held: Held,
): number {
  if (list === undefined) return 0;
  const address = held.allocate((list.length / dims) * 24);
  writePoints(engine, address, list, dims);
  return address;
}
