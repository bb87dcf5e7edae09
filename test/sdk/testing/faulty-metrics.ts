import type { Backend, Measured, Metric, MetricRun } from '@voxhost/sdk';
import { type Fault, fault } from './fault.js';
import type { Parts } from './small-backend.js';

/** Measures honestly, then changes the answer. */
const answering = (change: (answer: Measured, run: MetricRun) => Measured) => (): Parts => ({
  measure: (honest) => async (map, run) => change(await honest(map, run), run),
});

/** Prepares another metric than it was asked for. */
const preparing =
  (change: (operation: Metric) => Metric) =>
  (reference: Backend): Parts => ({
    prepareMetric: (operation, signal) => reference.prepare(change(operation), signal),
  });

const scaled = (derivative: Float64Array | undefined, by: number): Float64Array | undefined =>
  derivative?.map((d) => d * by);

const withDerivative = (answer: Measured, derivative: Float64Array | undefined): Measured => {
  const { derivative: _, ...rest } = answer;
  return derivative === undefined ? rest : { ...rest, derivative };
};

export const METRIC_FAULTS: readonly Fault[] = [
  fault(
    'gives the sum for the mean',
    'R22',
    answering((answer) => ({ ...answer, value: answer.value * answer.samples })),
  ),
  fault(
    'has the derivative the other way',
    'R22',
    answering((answer) => withDerivative(answer, scaled(answer.derivative, -1))),
  ),
  fault(
    'forgets the 2 of the square',
    'R22',
    answering((answer) => withDerivative(answer, scaled(answer.derivative, 0.5))),
  ),
  fault(
    'takes the nearest moving voxel',
    'R22',
    preparing((operation) => ({ ...operation, movingInterpolator: 'nearest' })),
  ),
  fault('measures all points as if they were voxels', 'R22', () => ({
    measure: (honest) => (map, run) =>
      honest(map, run.points ? { ...run, points: run.points.map(Math.round) } : run),
  })),
  fault(
    'has a derivative for a sequence, too',
    'R22',
    answering((answer, { derivative }) =>
      derivative && answer.derivative === undefined
        ? { ...answer, derivative: new Float64Array(6) }
        : answer,
    ),
  ),
  fault('derives unasked', 'R23', () => ({
    measure: (honest) => (map, run) => honest(map, { ...run, derivative: true }),
  })),
  fault(
    'does not look at masks',
    'R24',
    preparing(({ fixedMask: _, movingMask: __, ...rest }) => rest),
  ),
  fault(
    'says 0 where nothing is valid',
    'R24',
    answering((answer) => (answer.samples === 0 ? { ...answer, value: 0 } : answer)),
  ),
  fault('remembers its first points', 'R25', () => ({
    measure: (honest) => {
      let first: Float64Array | undefined;
      return (map, run) => {
        first ??= run.points;
        return honest(map, first ? { ...run, points: first } : run);
      };
    },
  })),
  fault('fails with fewer points than before', 'R25', () => ({
    measure: (honest) => {
      let most = 0;
      return async (map, run) => {
        const length = run.points?.length ?? 0;
        if (length < most) throw new Error('too few');
        most = length;
        return await honest(map, run);
      };
    },
  })),
  fault('measures whatever the signal', 'R19', () => ({
    measure:
      (honest) =>
      (map, { signal: _, ...rest }) =>
        honest(map, rest),
  })),
  fault('answers a metric out of order', 'R12', (reference) => ({
    measure: (_honest, operation) => async (map, run) => {
      await using own = await reference.prepare(operation);
      if (run.derivative) {
        await new Promise((resolve) => {
          setTimeout(resolve, 20);
        });
      }
      return await own.run(map, run);
    },
  })),
  fault('writes the moving image', 'R14', () => ({
    measure:
      (honest, { moving }) =>
      async (map, run) => {
        const answer = await honest(map, run);
        moving.data[0] += 1;
        return answer;
      },
  })),
];
