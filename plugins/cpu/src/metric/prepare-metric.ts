import {
  type IndexMap,
  type Json,
  type Measured,
  type Metric,
  type MetricRun,
  metricOptions,
  type PreparedParts,
  requireFinite,
  requireMetric,
  requireMetricRun,
  requireNoRunOptions,
  splineOrder,
  zeroDerivative,
} from '@voxhost/sdk';
import type { ResidentSource } from '../encode-job.js';
import type { Engine } from '../engine.js';
import { type Held, holdOn } from '../held.js';
import { createLatticeCopies } from '../lattices.js';
import { openCall, type Subject } from './call.js';
import { dice } from './dice.js';
import { labelOverlap } from './label-overlap.js';
import { localNormalizedCorrelation } from './local-normalized-correlation.js';
import { binFixed, mattesMutualInformation } from './mattes-mutual-information.js';
import { meanSquares } from './mean-squares.js';
import { normalizedCorrelation } from './normalized-correlation.js';
import { type Measure, NO_SAMPLES, type Outcome } from './outcome.js';
import { prepareResidents, residentCoefficients } from './residents.js';
import { sitesOf } from './sites.js';

interface NamedMeasure {
  readonly measure: Measure;
  /** What makes a loss of the figure. */
  readonly sign: 1 | -1;
  /** Does a sample depend on those around it? */
  readonly looksAround?: boolean;
}

const MEASURES: { readonly [name: string]: NamedMeasure } = {
  'mean-squares': { measure: meanSquares, sign: 1 },
  'normalized-correlation': { measure: normalizedCorrelation, sign: -1 },
  'mattes-mutual-information': { measure: mattesMutualInformation, sign: -1 },
  'local-normalized-correlation': {
    measure: localNormalizedCorrelation,
    sign: -1,
    looksAround: true,
  },
  dice: { measure: dice, sign: -1 },
  'label-overlap': { measure: labelOverlap, sign: -1 },
};

/** Brings images, coefficients and masks to the workers' memory, where they stay for all runs. */
export async function prepareMetric(
  engine: Engine,
  operation: Metric,
  signal: AbortSignal | undefined,
): Promise<PreparedParts<'metric'>> {
  requireMetric(operation);
  const options = metricOptions(operation);
  const held = holdOn(engine.heap);
  const lattices = createLatticeCopies(engine.heap);
  try {
    const residents = await prepareResidents(engine, operation, held, signal);
    const base = { engine, operation, options, residents, lattices };
    const subject: Subject = {
      ...base,
      fixedAtPoints: fixedReader(base, held),
      fixedBins: residentBins(base, held),
    };
    return {
      run: (map, run) => executeRun(subject, map, run),
      dispose() {
        lattices[Symbol.dispose]();
        held[Symbol.dispose]();
      },
    };
  } catch (error) {
    held[Symbol.dispose]();
    throw error;
  }
}

type Base = Omit<Subject, 'fixedAtPoints' | 'fixedBins'>;

function fixedReader({ engine, operation, residents }: Base, held: Held): Subject['fixedAtPoints'] {
  const { fixed, fixedInterpolator: interpolator } = operation;
  if (splineOrder(interpolator) === undefined) return async () => residents.fixed;
  let coefficients: ResidentSource | undefined;
  return async (signal) => {
    requireFinite(fixed, interpolator);
    coefficients ??= await residentCoefficients(engine, fixed, {
      held,
      signal,
      operation,
      interpolator,
    });
    return coefficients;
  };
}

/** Kernels read whole vectors of bins, and look up what they read. */
const VECTOR = 4;

function residentBins({ engine, operation, options, residents }: Base, held: Held): number {
  const { name, fixed } = operation;
  if (name !== 'mattes-mutual-information' || options.bins > 2 ** 16) return 0;
  const { length } = fixed.data;
  const address = held.allocate((length + VECTOR) * 2);
  const into = new Uint16Array(engine.heap.memory.buffer, address, length + VECTOR).fill(0);
  binFixed(fixed, residents.fixedSurvey.channels, options.bins, into.subarray(0, length));
  return address;
}

async function executeRun(subject: Subject, map: IndexMap, run: MetricRun): Promise<Measured> {
  const { operation, options, engine, lattices } = subject;
  requireMetricRun(operation, map, run);
  requireNoRunOptions(run);
  run.signal?.throwIfAborted();
  using held = holdOn(engine.heap);
  const { measure, sign, looksAround } = MEASURES[operation.name];
  const radius = looksAround ? options.radius : undefined;
  const sites = sitesOf(operation, map, run.points, radius);
  const outcome =
    sites.count === 0
      ? NO_SAMPLES
      : await measure(await openCall(subject, { map, run, sites }, held));
  lattices.trim();
  run.progress?.(1);
  return measuredOf(outcome, sign, run.derivative ? zeroDerivative(map) : undefined);
}

function measuredOf(
  { samples, judgements, derivative }: Outcome,
  sign: 1 | -1,
  flat: Float64Array | undefined,
): Measured {
  const figure = judgements.reduce((sum, one) => sum + one.figure, 0) / judgements.length;
  const slopes = derivative ?? flat;
  return {
    // Not -0.
    value: sign * figure + 0,
    samples,
    ...(slopes && { derivative: slopes }),
    details: detailsOf(figure, judgements),
  };
}

/** The plain figure, that of each channel, and what the measure tells besides. */
function detailsOf(figure: number, judgements: Outcome['judgements']): Json {
  if (judgements.length === 0) return { figure: null, channels: [] };
  return { figure, channels: judgements.map(({ figure, more }) => ({ figure, ...more })) };
}
