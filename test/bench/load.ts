import { setTimeout } from 'node:timers/promises';
import 'reflect-metadata';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { AffineMap, Interpolator, Resample } from '@voxhost/sdk';
import { createReference } from '@voxhost/sdk/reference';
import { createHost } from '#host/composition/create-host.js';
import type { Host } from '#host/host.js';
import { ownState } from '../support/own-state.js';
import { fullCapabilities, writeChaos } from '../support/process-plugin.js';
import { smallImage, smallResample } from '../support/small-calls.js';
import { below, temporaryFolder } from '../support/temporary-folder.js';

/** What calls on a host of which some plugins crash came to. */
export interface LoadFigures {
  readonly calls: number;
  readonly lost: number;
  readonly wrong: number;
  /** Calls that a plugin failed before another served. */
  readonly failedOver: number;
  /** Of the first that were lost. */
  readonly reasons: readonly string[];
  readonly servedBy: { readonly [backend: string]: number };
  readonly seconds: number;
  /** Resident memory of the host after each tenth of the calls, in MiB. */
  readonly residentMiB: readonly number[];
  readonly before: HostFigures;
  readonly after: HostFigures;
}

interface HostFigures {
  readonly heapMiB: number;
  readonly residentMiB: number;
  readonly handles: number;
  readonly descriptors: number;
  readonly children: number;
}

/** Two crash: one at its seventh run, one at its second prepare. Each process that takes a crashed one's place does so again. */
const PLUGINS = ['run:7=segv', 'prepare:2=kill', '', '', ''];
const INTERPOLATORS: readonly Interpolator[] = ['nearest', 'linear', 'bspline3'];

/**
 * Makes so many calls, four at a time, on a host with three healthy and two crashing plugins, every one of
 * which is asked first in turn; each answer is compared with the reference's.
 */
export async function runLoad(calls: number, warmUp: number): Promise<LoadFigures> {
  using _state = ownState();
  using folder = temporaryFolder();
  const strangers = children();
  await using host = await createHost({
    pluginPaths: PLUGINS.map((faults, n) => writePlugin(below(folder, `p${n}`), faults, n)),
    pluginMode: 'only',
    quarantine: 'off',
    log: () => undefined,
  });
  const tally = new Tally();
  await inParallel(warmUp, (n) => oneCall(host, n, new Tally()));
  const before = await figures(strangers);
  const started = performance.now();
  const residentMiB: number[] = [];
  await inParallel(calls, async (n) => {
    await oneCall(host, n, tally);
    if ((n + 1) % Math.ceil(calls / 10) === 0) residentMiB.push(mib(process.memoryUsage().rss));
  });
  const seconds = Math.round((performance.now() - started) / 100) / 10;
  return {
    calls,
    ...tally.figures(),
    seconds,
    residentMiB,
    before,
    after: await figures(strangers),
  };
}

function writePlugin(folder: ReturnType<typeof below>, faults: string, n: number): string {
  const capabilities = fullCapabilities().map((block) => ({
    ...block,
    cost: { ...block.cost, startMs: n },
  }));
  return writeChaos(folder, faults, { id: `org.example.p${n}`, name: `p${n}`, capabilities });
}

async function inParallel(count: number, work: (n: number) => Promise<void>): Promise<void> {
  let next = 0;
  const lane = async () => {
    for (let n = next++; n < count; n = next++) await work(n);
  };
  await Promise.all([lane(), lane(), lane(), lane()]);
}

class Tally {
  lost = 0;
  wrong = 0;
  failedOver = 0;
  readonly servedBy: { [backend: string]: number } = {};
  readonly reasons: string[] = [];

  figures() {
    const { lost, wrong, failedOver, servedBy, reasons } = this;
    return { lost, wrong, failedOver, servedBy, reasons: reasons.slice(0, 5) };
  }
}

async function oneCall(host: Host, n: number, tally: Tally): Promise<void> {
  const operation: Resample = {
    ...smallResample(smallImage(n % 50)),
    interpolator: INTERPOLATORS[n % 3] as Interpolator,
  };
  const map: AffineMap = {
    kind: 'affine',
    matrix: new Float64Array([0.9, 0.1, n % 7, -0.1, 0.8, 1.5]),
  };
  const first = `p${n % PLUGINS.length}`;
  try {
    await using prepared = await host.prepare(operation, { backends: [first], fallback: 'allow' });
    const { data, provenance } = await prepared.run(map, { samples: { size: [16, 12] } });
    tally.servedBy[provenance.backend] = (tally.servedBy[provenance.backend] ?? 0) + 1;
    if (provenance.attempts.length > 1) tally.failedOver += 1;
    if (!isSame(data, await expected(operation, map))) tally.wrong += 1;
  } catch (error) {
    tally.lost += 1;
    tally.reasons.push(String(error));
  }
}

async function expected(operation: Resample, map: AffineMap): Promise<ArrayLike<number>> {
  await using reference = createReference();
  await using prepared = await reference.prepare(operation);
  return (await prepared.run(map, { samples: { size: [16, 12] } })).data;
}

const isSame = (a: ArrayLike<number>, b: ArrayLike<number>): boolean =>
  a.length === b.length && Array.from(a).every((value, at) => Object.is(value, b[at]));

/** A child that crashed takes a moment to go while another takes its place, in milliseconds at the most. */
const SETTLE_MS = 10_000;

/** @param strangers - children that were there before the host, and do not count */
async function figures(strangers: ReadonlySet<string>): Promise<HostFigures> {
  const own = () => [...children()].filter((pid) => !strangers.has(pid)).length;
  const late = performance.now() + SETTLE_MS;
  while (own() > PLUGINS.length && performance.now() < late) await setTimeout(50);
  (globalThis as { gc?: () => void }).gc?.();
  const { heapUsed, rss } = process.memoryUsage();
  return {
    heapMiB: mib(heapUsed),
    residentMiB: mib(rss),
    handles: process.getActiveResourcesInfo().length,
    descriptors: entries('/proc/self/fd').length,
    children: own(),
  };
}

const mib = (bytes: number): number => Math.round(bytes / 2 ** 20);

const children = (): ReadonlySet<string> => new Set(entries('/proc').filter(isChild));

function entries(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

/** Is it a living child of this process? One that ended and was not waited for yet is none. */
function isChild(pid: string): boolean {
  try {
    const [, rest = ''] = readFileSync(join('/proc', pid, 'stat'), 'utf8').split(') ');
    const [state, parent] = rest.split(' ');
    return Number(parent) === process.pid && state !== 'Z';
  } catch {
    return false;
  }
}

const [, script, count] = process.argv;
if (script?.endsWith('load.js') && count !== undefined)
  console.log(JSON.stringify(await runLoad(Number(count), 200), null, 2));
