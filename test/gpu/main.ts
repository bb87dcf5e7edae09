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
import { checkTensorflow } from './tensorflow.js';

const USAGE = `usage: gpu-check [--driver-library FILE] [--golden DIR] [--size N] [--python FILE]
                 [--skip conformance,golden,benchmark,torch] [--out FILE]
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
}

function readOptions(args: readonly string[]): Options {
  const text = { type: 'string' } as const;
  const options = { golden: text, size: text, python: text, skip: text, out: text };
  const { values } = parseArgs({
    args: [...args],
    options: { ...options, 'driver-library': text, tensorflow: text },
  });
  const library = values['driver-library'];
  if (library !== undefined) process.env['VOXHOST_CUDA_DRIVER'] = library;
  process.env['VOXHOST_ADD_PLUGIN_PATH'] = PLUGIN;
  const size = Number(values.size ?? 512);
  if (!Number.isInteger(size) || size < 4 || size % 4 !== 0) throw new Error(USAGE);
  return {
    golden: values.golden ?? join(HERE, 'golden'),
    size,
    python: values.python ?? 'python3',
    skip: values.skip?.split(',') ?? [],
    out: values.out,
    tensorflow: values.tensorflow,
  };
}

const say = (text: string): void => void process.stderr.write(`${text}\n`);

/**
 * Conformance, golden cases and benchmark of the CUDA plugin on this machine's device. Writes a file of results and
 * answers 0 where nothing failed.
 */
async function main(args: readonly string[]): Promise<number> {
  const options = readOptions(args);
  if (options.tensorflow !== undefined) return await mainOfTensorflow(options.tensorflow, options);
  const wants = (part: string): boolean => !options.skip.includes(part);
  using opened = await openEngine();
  if (opened.engine === undefined) {
    say(opened.reason);
    return 4;
  }
  const { device, driver } = opened.engine;
  say(`${device.name}, compute capability ${device.computeCapability}, CUDA ${driver.version()}`);
  const conformance = wants('conformance') ? await runConformance(createBackend) : undefined;
  for (const failure of conformance?.failed ?? []) say(`FAILED ${failure}`);
  const golden = wants('golden') ? await checkGolden(options.golden) : undefined;
  const benchmark = wants('benchmark')
    ? await runBenchmark(opened.engine, opened.copy, options.size)
    : undefined;
  const metricsMs = wants('benchmark') ? await benchmarkMetrics(options.size) : undefined;
  const torch = wants('torch') ? timeTorch(options) : undefined;
  const results = {
    device,
    cuda: driver.version(),
    library: libraryPath(),
    node: process.version,
    ...{ conformance, golden, benchmark, metricsMs, torch },
  };
  const name = device.name.toLowerCase().replace(/[^a-z0-9]+/g, '-');
  report(results, options.out ?? `gpu-check-${name}.json`);
  const isGood = (conformance?.failed.length ?? 0) === 0 && (golden?.failed.length ?? 0) === 0;
  return isGood ? 0 : 1;
}

function report(results: unknown, out: string): void {
  writeFileSync(out, `${JSON.stringify(results, null, 2)}\n`);
  process.stdout.write(`${out}\n`);
}

async function mainOfTensorflow(folder: string, { out }: Options): Promise<number> {
  const results = await checkTensorflow(folder);
  const { failed } = results.conformance;
  for (const failure of failed) say(`FAILED ${failure}`);
  report({ node: process.version, ...results }, out ?? 'gpu-check-tensorflow.json');
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

async function benchmarkMetrics(size: number) {
  await using backend = await createBackend();
  return await timeMetrics(backend, size);
}

interface OpenEngine extends Disposable {
  readonly engine: Engine | undefined;
  readonly reason: string;
  readonly copy: DeviceCopy;
}

/** An engine of our own for the benchmark, whose kernels leave their output on the device. */
async function openEngine(): Promise<OpenEngine> {
  const ptx = readFileSync(join(PLUGIN, 'bundle/kernels.ptx'));
  const { version } = parsePtx(ptx.toString('utf8'));
  const opened = await openDevice(context(), version, process.env);
  const none = { engine: undefined, copy: () => undefined, [Symbol.dispose]: () => undefined };
  if (!opened.ok) return { ...none, reason: `${opened.verdict}: ${opened.reason}` };
  const engine = startEngine(opened.driver, opened.device, ptx);
  const koffi = createRequire(import.meta.url)(join(PLUGIN, koffiFile)) as Koffi;
  const prototype =
    'int cuMemcpyDtoDAsync_v2(uint64_t to, uint64_t from, size_t bytes, uint64_t stream)';
  const foreign = koffi.load(libraryPath()).func(prototype);
  const copy: DeviceCopy = (to, from, bytes, stream) => {
    const result = foreign(to, from, bytes, stream);
    if (result !== 0) throw new Error(`cuMemcpyDtoDAsync answered ${result}`);
  };
  return { engine, reason: '', copy, [Symbol.dispose]: () => engine[Symbol.dispose]() };
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
    { encoding: 'utf8', timeout: 300_000 },
  );
  if (error !== undefined) return { skipped: `there is no ${python}` };
  return status === 0 ? JSON.parse(stdout) : { skipped: stderr.trim().split('\n').at(-1) };
}

process.exitCode = await main(process.argv.slice(2));
