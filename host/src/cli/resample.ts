import { totalmem } from 'node:os';
import { pixelTypeFacts, voxelCount } from '@voxhost/sdk';
import type { Command } from 'commander';
import { HostError } from '../errors.js';
import type { Host } from '../host.js';
import {
  assertWritable,
  type ReadOptions,
  readGrid,
  readHeader,
  readVolume,
  writeImage,
} from '../io/index.js';
import { executeSampling } from '../lazy/execute-sampling.js';
import { planSampling, type SamplingTask } from '../lazy/sampling.js';
import type { Explanation } from '../routing/explanation.js';
import type { Provenance } from '../routing/router.js';
import { requireSettings } from './backend-settings.js';
import { examples, type Session } from './command.js';
import { oneLine } from './one-line.js';
import { openHost } from './open-host.js';
import { planWay, type ReadSource } from './plan-resample.js';
import { Progress } from './progress.js';
import { renderExplanation } from './render-explanation.js';
import { hasFrames, resampleFrames } from './resample-frames.js';
import { addResampleOptions, type ResampleOptions, toRequest } from './resample-options.js';
import { describeGrid, printResult } from './result.js';
import { formatBytes, formatMs } from './text-table.js';
import { readTransforms } from './transform-options.js';

/** One line of `resample`. */
interface Job {
  readonly input: string;
  readonly output: string;
  readonly options: ResampleOptions;
  readonly session: Session;
}

export function define(command: Command, session: Session): void {
  command
    .argument('<in>', 'volume to read')
    .argument('<out>', 'volume to write; its extension chooses the format');
  addResampleOptions(command);
  command
    .addHelpText(
      'after',
      examples(
        'voxhost resample head.nii.gz out.nii.gz --spacing 2,2,2',
        'voxhost resample labels.nii.gz out.nii.gz --like head.nii.gz --interpolator nearest',
        'voxhost resample head.nii.gz out.nii.gz --like atlas.nii.gz --transform affine.tfm --transform warp.h5',
        'voxhost resample head.nii.gz out.nii.gz --orientation RAS --boundary constant --fill -1000',
      ),
    )
    .action((input: string, output: string) => {
      const job: Job = { input, output, options: command.optsWithGlobals(), session };
      return session.explaining ? explain(job) : run(job);
    });
}

async function run(job: Job): Promise<void> {
  const { input, output, options, session } = job;
  const { terminal } = session;
  const { signal } = terminal;
  const started = performance.now();
  await assertWritable(output);
  using progress = new Progress(terminal, options.quiet === true);
  progress.phase(`reading ${input}`);
  const watch = { signal, progress: progress.advance };
  const source = await readSource(job, watch);
  const task = await planFor(job, source);
  await using host = await openHost(options, session);
  await requireSettings(host, options);
  const done = isPart(source)
    ? await runFrames(job, { host, source, task, progress })
    : await runWhole(job, { host, source, task, progress });
  const ms = performance.now() - started;
  const { output: grid, pixelType } = task;
  const { provenance, channels } = done;
  printResult(terminal, options, {
    text: `${output}: ${describeGrid(grid)}, ${pixelType}, by ${provenance.backend} in ${formatMs(ms)}`,
    json: { input, output, grid, pixelType, channels, provenance, ms },
  });
}

/** What is needed to carry a job out. */
interface Work {
  readonly host: Host;
  readonly source: ReadSource;
  readonly task: SamplingTask;
  readonly progress: Progress;
}

interface Done {
  readonly provenance: Provenance;
  readonly channels: number;
}

async function runWhole(
  { output, session }: Job,
  { host, source: { header }, task, progress }: Work,
): Promise<Done> {
  const watch = { signal: session.terminal.signal, progress: progress.advance };
  progress.phase('resampling');
  const { image, provenance } = await executeSampling(host, task, watch);
  progress.phase(`writing ${output}`);
  const channelsAs = header.components > 1 && header.frames === 1 ? 'components' : 'frames';
  await writeImage(image, output, { ...watch, channelsAs, frameSpacing: header.frameSpacing });
  return { provenance, channels: image.channels };
}

async function runFrames(job: Job, { host, source, task, progress }: Work): Promise<Done> {
  const { input, output, options, session } = job;
  const { header } = source;
  progress.phase(`resampling ${header.frames} frames`);
  const watch = { signal: session.terminal.signal, progress: progress.advance };
  const said = new Set<string>(); // a group says again what the one before it said
  const warn = (text: string) => {
    if (!said.has(text)) warnOf(job, text);
    said.add(text);
  };
  const provenance = await resampleFrames(host, {
    input,
    output,
    header,
    task,
    atOnce: options.framesAtOnce,
    shear: shearOf(options),
    watch: { ...watch, warn },
  });
  return { provenance, channels: header.frames };
}

/** The volume; of a 4-D file its first frame, which says all that is needed to plan. */
async function readSource(
  job: Job,
  watch: Pick<ReadOptions, 'signal' | 'progress'>,
): Promise<ReadSource> {
  const { input, options } = job;
  const shear = shearOf(options);
  const header = await readHeader(input, { shear });
  const frames = hasFrames(header) && { frames: { start: 0, count: 1 } };
  const warn = (text: string) => {
    if (!frames) warnOf(job, text); // else it is said when the frames are read
  };
  return readVolume(input, { ...watch, shear, warn, ...frames });
}

const isPart = ({ header, image }: ReadSource): boolean =>
  hasFrames(header) && image.channels < header.frames;

/** What a user should know of a file that could be read. */
function warnOf({ input, options, session }: Job, text: string): void {
  if (!options.quiet) session.terminal.err(`voxhost: warning: ${oneLine(`${input}: ${text}`)}\n`);
}

async function explain(job: Job): Promise<void> {
  const { options, session } = job;
  const { terminal } = session;
  const source = await readSource(job, { signal: terminal.signal });
  const plan = planSampling(await planFor(job, source));
  await using host = await openHost(options, session);
  await requireSettings(host, options);
  const explanation: Explanation =
    plan.form === 'copy'
      ? { operation: 'copy', chosen: 'host', why: plan.why, candidates: [], hints: [] }
      : await host.explain(plan.operation);
  printResult(terminal, options, {
    text: renderExplanation(explanation),
    json: { ...explanation, form: plan.form },
  });
}

const shearOf = ({ shear }: ResampleOptions) => (shear === 'resample' ? 'keep' : 'refuse');

async function planFor(job: Job, source: ReadSource): Promise<SamplingTask> {
  const { options, output, session } = job;
  const { signal } = session.terminal;
  const like = options.like === undefined ? undefined : await readGrid(options.like);
  const transform = await readTransforms(options, signal);
  const request = toRequest(options, source.image.grid, like);
  const { inverse = false } = options;
  const warn = (text: string) => warnOf(job, text);
  const task = await planWay(source, request, { transform, inverse, signal, warn });
  assertHolds(task, output);
  return task;
}

/** Throws `CANNOT_WRITE` for a volume that this machine could not hold. */
function assertHolds({ output, source, pixelType }: SamplingTask, path: string): void {
  const bytes = voxelCount(output.size) * source.channels * pixelTypeFacts(pixelType).bytes;
  if (bytes <= totalmem()) return;
  throw new HostError('CANNOT_WRITE', {
    path,
    reason: `${output.size.join(' x ')} voxels need ${formatBytes(bytes)} where this machine has ${formatBytes(totalmem())}`,
    remedy: 'ask for fewer voxels or a larger spacing',
  });
}
