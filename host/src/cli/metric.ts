import type { Image, Measured } from '@voxhost/sdk';
import type { Command } from 'commander';
import { affine } from '../geometry/make-transform.js';
import { toIndexMap } from '../geometry/to-index-map.js';
import type { Transform } from '../geometry/transform.js';
import { readImage } from '../io/index.js';
import { type MetricRequest, metricOperation } from '../metric/metric-request.js';
import type { PreparedMetric } from '../metric/prepared-metric.js';
import type { Routed } from '../routing/router.js';
import { applySettings } from './backend-settings.js';
import { examples, type Session } from './command.js';
import { addMetricOptions, type MetricOptions } from './metric-options.js';
import { openHost } from './open-host.js';
import { Progress } from './progress.js';
import { renderExplanation } from './render-explanation.js';
import { printResult } from './result.js';
import { formatMs } from './text-table.js';
import { readTransforms } from './transform-options.js';

/** One line of `metric`. */
interface Job {
  readonly fixed: string;
  readonly moving: string;
  readonly options: MetricOptions;
  readonly session: Session;
}

export function define(command: Command, session: Session): void {
  command
    .argument('<fixed>', 'the volume that stays')
    .argument('<moving>', 'the volume that is compared with it');
  addMetricOptions(command);
  command
    .addHelpText(
      'after',
      examples(
        'voxhost metric fixed.nii.gz moving.nii.gz --metric mean-squares',
        'voxhost metric fixed.nii.gz moving.nii.gz --metric mi --option bins=32 --transform rigid.tfm --derivative',
      ),
    )
    .action((fixed: string, moving: string) => {
      const job: Job = { fixed, moving, options: command.optsWithGlobals(), session };
      return session.explaining ? explain(job) : run(job);
    });
}

async function run(job: Job): Promise<void> {
  const { options, session } = job;
  const { terminal } = session;
  const { signal } = terminal;
  const started = performance.now();
  using progress = new Progress(terminal, options.quiet === true);
  progress.phase('reading');
  const request = await readRequest(job);
  const given = await readTransforms(options, signal);
  await using host = await openHost(options, session);
  const own = await applySettings(host, options);
  progress.phase(`preparing ${request.name}`);
  await using metric = await host.metric({ ...request, options: own, signal });
  progress.phase(`comparing by ${metric.backend}`);
  const transform = given ?? identityOf(request.fixed);
  const measured = await measure(metric, request, transform, {
    ...(options.derivative !== undefined && { of: options.derivative }),
    run: { signal, progress: progress.advance },
  });
  const ms = performance.now() - started;
  printResult(terminal, options, {
    text: renderMeasured(request.name, measured, ms),
    json: toJson(request.name, measured, { ms, of: options.derivative }),
  });
}

async function explain(job: Job): Promise<void> {
  const { options, session } = job;
  const request = await readRequest(job);
  await using host = await openHost(options, session);
  const own = await applySettings(host, options);
  const explanation = await host.explain(metricOperation({ ...request, options: own }));
  printResult(session.terminal, options, {
    text: renderExplanation(explanation),
    json: explanation,
  });
}

async function readRequest({ fixed, moving, options, session }: Job): Promise<MetricRequest> {
  const read = (path: string) => readImage(path, { signal: session.terminal.signal });
  const { fixedMask, movingMask } = options;
  return {
    name: options.metric,
    fixed: await read(fixed),
    moving: await read(moving),
    ...(fixedMask !== undefined && { fixedMask: await read(fixedMask) }),
    ...(movingMask !== undefined && { movingMask: await read(movingMask) }),
    movingInterpolator: options.interpolator,
    derivative: options.derivative !== undefined,
    demand: { runs: 1 },
  };
}

/** Without a transform, points stay where they are; its derivative is by ITK's affine parameters. */
function identityOf({ grid }: Image): Transform {
  const dims = grid.size.length;
  const matrix = Array.from({ length: dims * dims }, (_, i) => (i % (dims + 1) === 0 ? 1 : 0));
  return affine({ matrix });
}

interface Asked {
  readonly of?: 'transform' | 'map';
  readonly run: { readonly signal: AbortSignal; readonly progress: (fraction: number) => void };
}

function measure(
  metric: PreparedMetric,
  { fixed, moving }: MetricRequest,
  transform: Transform,
  { of, run }: Asked,
): Promise<Routed<Measured>> {
  if (of !== 'map') return metric.run(transform, run);
  return metric.runMap(toIndexMap(transform, fixed.grid, moving.grid), run);
}

function renderMeasured(name: string, measured: Routed<Measured>, ms: number): string {
  const { value, samples, derivative, provenance } = measured;
  const lines = [
    `${name} ${value} over ${samples} samples, by ${provenance.backend} in ${formatMs(ms)}`,
  ];
  if (derivative !== undefined) lines.push(`derivative ${derivative.join(' ')}`);
  return lines.join('\n');
}

function toJson(
  name: string,
  measured: Routed<Measured>,
  { ms, of }: { readonly ms: number; readonly of: 'transform' | 'map' | undefined },
): object {
  const { value, samples, derivative, details, provenance } = measured;
  return {
    metric: name,
    value: Number.isNaN(value) ? null : value,
    samples,
    ...(derivative && { derivative: { of, values: [...derivative] } }),
    ...(details !== undefined && { details }),
    provenance,
    ms,
  };
}
