import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import type { Backend } from '@voxhost/sdk';
import { createFakeContext } from '@voxhost/sdk/testing';
import { driverLibrary } from '#cuda/driver.js';
import { type Engine, startEngine } from '#cuda/engine.js';
import { type Koffi, koffiPath } from '#cuda/koffi.js';
import { openDevice } from '#cuda/open-device.js';
import plugin from '#cuda/plugin.js';
import { parsePtx } from '#cuda/ptx.js';
import { createTarget } from '../golden/create-target.js';
import { closingLine, runGolden } from '../golden/run-golden.js';
import { type DeviceCopy, runBenchmark, timeMetrics } from './benchmark.js';
import { runConformance } from './conformance.js';
import { goalsOf } from './goals.js';
import { isNoResult, runStep, STEPS } from './steps.js';
import { checkTensorflow } from './tensorflow.js';

const USAGE = `usage: gpu-check [--driver-library FILE] [--golden DIR] [--size N] [--python FILE]
                 [--skip benchmark,torch,metrics,conformance,golden] [--out FILE]
       gpu-check --tensorflow DIR [--out FILE]: the TensorFlow plugin, on the package installed in DIR`;

const HERE = fileURLToPath(new URL('.', import.meta.url));

/** The plugin as it is shipped, beside this program. */
const PLUGIN = join(HERE, 'plugin');

interface Options {
  readonly golden: string;
  readonly size: number;
  readonly python: string;
  readonly skip: readonly string[];
  readonly out: string | undefined;
  readonly tensorflow: string | undefined;
  /** Of a process that runs one step. */
  readonly step: string | undefined;
}

function readOptions(args: readonly string[]): Options {
  const text = { type: 'string' } as const;
  const options = { golden: text, size: text, python: text, skip: text, out: text };
  const { values } = parseArgs({
    args: [...args],
    options: { ...options, 'driver-library': text, tensorflow: text, step: text },
  });
  const library = values['driver-library'];
  if (library !== undefined) process.env['VOXHOST_CUDA_DRIVER'] = library;
  process.env['VOXHOST_ADD_PLUGIN_PATH'] = PLUGIN;
  const size = Number(values.size ?? 512);
  if (!Number.isInteger(size) || size < 4) throw new Error(USAGE);
  return {
    golden: values.golden ?? join(HERE, 'golden'),
    size,
    python: values.python ?? 'python3',
    skip: values.skip?.split(',') ?? [],
    out: values.out,
    tensorflow: values.tensorflow,
    step: values.step,
  };
}

const say = (text: string): void => void process.stderr.write(`${text}\n`);

/**
 * Benchmark, conformance and golden cases of the CUDA plugin on this machine's device. Writes a file of results after
 * every step and answers 0 where nothing failed.
 */
async function main(args: readonly string[]): Promise<number> {
  const options = readOptions(args);
  if (options.tensorflow !== undefined) return await mainOfTensorflow(options.tensorflow, options);
  if (options.step !== undefined) return await mainOfStep(options.step, options);
  const [first, ...others] = STEPS;
  const device = runStep(first, args) as DeviceResult;
  if (isNoResult(device)) {
    say(device.error);
    return 4;
  }
  say(`${device.name}, compute capability ${device.computeCapability}, CUDA ${device.cuda}`);
  const out = options.out ?? `gpu-check-${nameOfFile(device.name)}.json`;
  const results: Record<string, unknown> = { device, date: new Date().toISOString() };
  for (const step of others.filter(({ name }) => !options.skip.includes(name))) {
    say(`${step.name} ...`);
    results[step.name] = runStep(step, args);
    results['goals'] = goalsOf(results);
    writeResults(out, results);
  }
  for (const { name, goal, found, verdict } of goalsOf(results))
    say(`${verdict}: ${name}: ${found?.toFixed(2) ?? '-'} (goal ${goal})`);
  writeResults(out, results);
  process.stdout.write(`${out}\n`);
  return Object.entries(results).every(([name, result]) => isGood(name, result)) ? 0 : 1;
}

/** Failures are told as they come, but for what gave no result. */
function isGood(name: string, result: unknown): boolean {
  if (isNoResult(result)) {
    say(`FAILED ${name}: ${result.error}`);
    return false;
  }
  const { failed } = result as { readonly failed?: readonly string[] };
  return failed === undefined || failed.length === 0;
}

const nameOfFile = (name: string): string => name.toLowerCase().replace(/[^a-z0-9]+/g, '-');

const writeResults = (out: string, results: unknown): void =>
  writeFileSync(out, `${JSON.stringify(results, null, 2)}\n`);

type DeviceResult = Awaited<ReturnType<typeof describeDevice>>;

/** What each step finds. */
const FINDERS: { readonly [step: string]: (options: Options) => unknown } = {
  device: describeDevice,
  benchmark: ({ size }) => withEngine((engine, copy) => runBenchmark(engine, copy, size)),
  torch: timeTorch,
  async metrics({ size }) {
    await using backend = await createBackend();
    return await timeMetrics(backend, size);
  },
  async conformance() {
    const conformance = await runConformance(createBackend);
    for (const failure of conformance.failed) say(`FAILED ${failure}`);
    return conformance;
  },
  golden: ({ golden }) => checkGolden(golden),
};

/** Writes what a step finds, or why it found nothing. */
async function mainOfStep(step: string, options: Options): Promise<number> {
  const found = await find(step, options);
  writeResults(options.out ?? `${step}.json`, found);
  return 0;
}

async function find(step: string, options: Options): Promise<unknown> {
  const finder = FINDERS[step];
  if (finder === undefined) throw new Error(USAGE);
  try {
    return await finder(options);
  } catch (error) {
    return { error: error instanceof Error ? error.message : String(error) };
  }
}

async function describeDevice() {
  return await withEngine(async ({ device, driver }) => ({
    ...device,
    cuda: driver.version(),
    driver: driverVersion(),
    library: libraryPath(),
    node: process.version,
  }));
}

/** What the kernel module says of itself; undefined where that is not to be read. */
function driverVersion(): string | undefined {
  try {
    return readFileSync('/proc/driver/nvidia/version', 'utf8').split('\n')[0];
  } catch {
    return undefined;
  }
}

async function mainOfTensorflow(folder: string, { out }: Options): Promise<number> {
  const results = await checkTensorflow(folder);
  const { failed } = results.conformance;
  for (const failure of failed) say(`FAILED ${failure}`);
  const file = out ?? 'gpu-check-tensorflow.json';
  writeResults(file, { node: process.version, date: new Date().toISOString(), ...results });
  process.stdout.write(`${file}\n`);
  return failed.length === 0 && results.leaked === 0 ? 0 : 1;
}

const libraryPath = (): string =>
  process.env['VOXHOST_CUDA_DRIVER'] || driverLibrary(process.platform);

const context = () =>
  createFakeContext({
    files: { 'bundle/kernels.ptx': readFileSync(join(PLUGIN, 'bundle/kernels.ptx')) },
    modules: { [koffiFile]: pathToFileURL(join(PLUGIN, koffiFile)) },
  });

const koffiFile = koffiPath(process.platform, process.arch);

const createBackend = (): Promise<Backend> => plugin.activate(context());

/** An engine of our own, whose kernels leave their output on the device. Throws where there is no device that can. */
async function withEngine<T>(use: (engine: Engine, copy: DeviceCopy) => Promise<T>): Promise<T> {
  const ptx = readFileSync(join(PLUGIN, 'bundle/kernels.ptx'));
  const { version } = parsePtx(ptx.toString('utf8'));
  const opened = await openDevice(context(), version, process.env);
  if (!opened.ok) throw new Error(`${opened.verdict}: ${opened.reason}`);
  using engine = startEngine(opened.driver, opened.device, ptx);
  const koffi = createRequire(import.meta.url)(join(PLUGIN, koffiFile)) as Koffi;
  const prototype =
    'int cuMemcpyDtoDAsync_v2(uint64_t to, uint64_t from, size_t bytes, uint64_t stream)';
  const foreign = koffi.load(libraryPath()).func(prototype);
  return await use(engine, (to, from, bytes, stream) => {
    const result = foreign(to, from, bytes, stream);
    if (result !== 0) throw new Error(`cuMemcpyDtoDAsync answered ${result}`);
  });
}

/** Through a host and a process of the plugin's own. */
async function checkGolden(folder: string) {
  if (!existsSync(folder)) return { skipped: `there is no ${folder}`, failed: [] };
  await using target = await createTarget('cuda');
  const outcomes = await runGolden(folder, target);
  const failed = outcomes.flatMap((o) => (o.kind === 'failed' ? [`${o.id}: ${o.error}`] : []));
  for (const failure of failed) say(`FAILED ${failure}`);
  return { summary: closingLine(outcomes), failed };
}

/** PyTorch on the same device, in the same run. */
function timeTorch({ python, size }: Options): unknown {
  const { status, stdout, stderr, error } = spawnSync(
    python,
    [join(HERE, 'grid-sample.py'), `${size}`],
    { encoding: 'utf8', timeout: 50_000 },
  );
  if (error !== undefined) return { skipped: `there is no ${python}` };
  return status === 0 ? JSON.parse(stdout) : { skipped: stderr.trim().split('\n').at(-1) };
}

process.exitCode = await main(process.argv.slice(2));
