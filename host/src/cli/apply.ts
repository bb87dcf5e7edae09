import type { Command } from 'commander';
import { HostError, isHostError } from '../errors.js';
import { writeAtomically } from '../io/atomic-file.js';
import { assertWritable, readVolume, writeImage } from '../io/index.js';
import {
  type Pipeline,
  type PipelineResult,
  type PipelineResults,
  samplingIn,
} from '../pipelines/compose.js';
import { parsePipeline } from '../pipelines/parse-pipeline.js';
import { parseTrace } from '../pipelines/parse-trace.js';
import type { Trace } from '../pipelines/trace.js';
import { type ApplyOptions, addApplyOptions, type Entry } from './apply-options.js';
import { examples, type Session } from './command.js';
import { openHost } from './open-host.js';
import { Progress } from './progress.js';
import { badJson, readJson } from './read-json.js';
import { renderExplanation } from './render-explanation.js';
import { describeGrid, printResult } from './result.js';
import { formatMs } from './text-table.js';

/** One line of `apply`. */
interface Job {
  readonly file: string;
  readonly entries: readonly Entry[];
  readonly options: ApplyOptions;
  readonly session: Session;
}

const REMEDY = 'see the page on pipelines in host/README.md';

export function define(command: Command, session: Session): void {
  command
    .argument('<pipeline>', 'PIPELINE.json, or the configuration of a MONAI bundle')
    .argument('<in>', 'volume to read')
    .argument('<out>', 'volume to write; {} stands for the number of a sample');
  addApplyOptions(command);
  command
    .addHelpText(
      'after',
      examples(
        'voxhost apply pipeline.json head.nii.gz out.nii.gz',
        'voxhost apply pipeline.json out.nii.gz back.nii.gz --inverse',
        'voxhost apply train.json ct.nii.gz patch-{}.nii.gz --entry label=seg.nii.gz,patch-{}-seg.nii.gz --seed 7',
      ),
    )
    .action((file: string, input: string, output: string) => {
      const options: ApplyOptions = command.optsWithGlobals();
      const entries = [{ key: options.key, input, output }, ...(options.entry ?? [])];
      const job: Job = { file, entries, options, session };
      if (session.explaining) return explain(job);
      return options.inverse ? invert(job) : run(job);
    });
}

async function readPipeline({ file, options }: Job): Promise<Pipeline> {
  const json = await readJson(file, REMEDY);
  try {
    return parsePipeline(json, options.lazy === undefined ? {} : { lazy: options.lazy });
  } catch (error) {
    if (!isHostError(error, 'USAGE')) throw error;
    throw badJson(file, error.fields.reason, REMEDY, error);
  }
}

async function readEntries({ entries, session }: Job) {
  const { signal } = session.terminal;
  const images = entries.map(async ({ key, input }) => {
    const { image } = await readVolume(input, { signal });
    return [key, image] as const;
  });
  return Object.fromEntries(await Promise.all(images));
}

async function run(job: Job): Promise<void> {
  const { entries, options, session } = job;
  const { terminal } = session;
  const { signal } = terminal;
  const started = performance.now();
  for (const { output } of entries) await assertWritable(output.replaceAll('{}', '0'));
  const pipeline = await readPipeline(job);
  requirePlaces(job, pipeline);
  using progress = new Progress(terminal, options.quiet === true);
  progress.phase('reading');
  const images = await readEntries(job);
  await using host = await openHost(options, session);
  progress.phase('applying');
  const written: object[] = [];
  const settings = { signal, progress: progress.advance, seed: options.seed };
  for await (const results of pipeline.samplesOfAll(host, images, settings)) {
    written.push(await writeResults(job, results, written.length));
  }
  const ms = performance.now() - started;
  printResult(terminal, options, {
    text: `${written.map((one) => Object.values(one).map(textOf).join('\n')).join('\n')}\nin ${formatMs(ms)}`,
    json: { results: written, ms },
  });
}

/** Several samples need names of their own. */
function requirePlaces({ entries }: Job, pipeline: Pipeline): void {
  const many = samplingIn(pipeline.transforms);
  const same = entries.find(({ output }) => !output.includes('{}'));
  if (many === undefined || same === undefined) return;
  throw new HostError('USAGE', {
    reason: `${many.name} gives several samples and "${same.output}" names one; put {} where their number goes`,
  });
}

interface Written {
  readonly output: string;
  readonly text: string;
}

const textOf = (written: Written): string => written.text;

async function writeResults(job: Job, results: PipelineResults, count: number) {
  const written: { [key: string]: Written & object } = {};
  for (const { key, output } of job.entries) {
    const path = output.replaceAll('{}', String(count));
    const result = results[key];
    await writeImage(result.image, path, { signal: job.session.terminal.signal });
    await writeTrace(job, path, result.trace);
    written[key] = { output: path, ...summaryOf(path, result) };
  }
  return written;
}

function summaryOf(path: string, { image, provenance, provenances, steps }: PipelineResult) {
  const by = [...new Set(provenances.map(({ backend }) => backend))].join(', ') || 'nobody';
  const text = `${path}: ${describeGrid(image.grid)}, ${image.pixelType}, ${steps.length === 1 ? '1 step' : `${steps.length} steps`} by ${by}`;
  return { text, grid: image.grid, pixelType: image.pixelType, provenance, provenances };
}

const traceBeside = (path: string): string => `${path}.trace.json`;

async function writeTrace({ options }: Job, path: string, trace: Trace): Promise<void> {
  if (options.trace === false) return;
  const to = typeof options.trace === 'string' ? options.trace : traceBeside(path);
  const write = async (handle: { writeFile(text: string): Promise<void> }) =>
    handle.writeFile(`${JSON.stringify(trace)}\n`);
  await writeAtomically([{ path: to, write }]);
}

async function invert(job: Job): Promise<void> {
  const { entries, options, session } = job;
  const [{ input, output }] = entries;
  const { terminal } = session;
  const { signal } = terminal;
  await assertWritable(output);
  const from = typeof options.trace === 'string' ? options.trace : traceBeside(input);
  const remedy = 'give the trace that "voxhost apply" wrote with --trace';
  const parsed = parseTrace(await readJson(from, remedy));
  if (!parsed.ok) throw badJson(from, parsed.reason, remedy, undefined);
  const { trace } = parsed;
  const pipeline = await readPipeline(job);
  const { image: source } = await readVolume(input, { signal });
  await using host = await openHost(options, session);
  using progress = new Progress(terminal, options.quiet === true);
  progress.phase('inverting');
  const settings = { trace, signal, progress: progress.advance };
  const { image, provenance } = await pipeline.invert(host, source, settings);
  await writeImage(image, output, { signal });
  printResult(terminal, options, {
    text: `${output}: ${describeGrid(image.grid)}, ${image.pixelType}, by ${provenance.backend}`,
    json: { input, output, grid: image.grid, pixelType: image.pixelType, provenance },
  });
}

async function explain(job: Job): Promise<void> {
  const { options, session } = job;
  const pipeline = await readPipeline(job);
  const images = await readEntries(job);
  await using host = await openHost(options, session);
  const explained = await pipeline.explain(host, images, { seed: options.seed });
  const lines = Object.entries(explained).flatMap(([key, { steps }]) =>
    steps.map(({ kind, form, why, size, routing }, i) => {
      const head = `${key} ${i + 1}. ${form ?? kind} to ${size.join(' x ')}: ${why}\n`;
      return head + (routing === undefined ? '' : renderExplanation(routing));
    }),
  );
  printResult(session.terminal, options, { text: lines.join(''), json: explained });
}
