import 'reflect-metadata';
import { availableParallelism, loadavg } from 'node:os';
import {
  createGrid,
  createImage,
  type FieldMap,
  identityMap,
  type Plugin,
  type Prepared,
  type Resample,
} from '@voxhost/sdk';
import { createFakeContext } from '@voxhost/sdk/testing';
import { activateAt, processManifest } from '../support/process-plugin.js';
import { temporaryFolder } from '../support/temporary-folder.js';

/** Milliseconds of the same work here and in a child process; the medians of so many runs. */
interface Tax {
  readonly mib: number;
  readonly inlinePrepareMs: number;
  readonly processPrepareMs: number;
  readonly inlineRunMs: number;
  readonly processRunMs: number;
  /** A run into a buffer that was used before, as a registration or a stream of samples does. */
  readonly processRunIntoMs: number;
  readonly runs: number;
}

/** A backend whose work is one copy, in and out, so that nearly all of its time is the way there and back. */
const PLUGIN = `
const prepared = (image) => {
  const own = image.data.slice();
  return {
    run: async (map, { into }) => { (into ??= new own.constructor(own.length)).set(own); return { data: into }; },
    [Symbol.asyncDispose]: async () => {},
  };
};
const { id, version, name, capabilities } = MANIFEST;
const backend = {
  name, capabilities,
  supports: () => ({ ok: true, memory: { prepare: 0, run: 0 } }),
  prepare: async ({ source }) => prepared(source),
  [Symbol.asyncDispose]: async () => {},
};
export default { id, version, abi: { min: 1, max: 1 }, activate: async () => backend };
`;

async function main(sizes: readonly number[], runs: number): Promise<unknown> {
  using folder = temporaryFolder();
  const manifest = processManifest({ id: 'org.example.copy', name: 'copy' });
  folder.write('plugin.mjs', PLUGIN.replace('MANIFEST', JSON.stringify(manifest)));
  const path = folder.write('org.example.copy.plugin.json', JSON.stringify(manifest));
  const plugin = (await import(`${folder.path}/plugin.mjs`)) as { default: Plugin };
  const inline = await plugin.default.activate(createFakeContext());
  const started = performance.now();
  await using isolated = await activateAt(path);
  const startMs = round(performance.now() - started);
  const taxes: Tax[] = [];
  for (const mib of sizes) {
    const here = await timeRuns((operation) => inline.prepare(operation), mib, runs);
    const there = await timeRuns((operation) => isolated.backend.prepare(operation), mib, runs);
    taxes.push({
      mib,
      inlinePrepareMs: here.prepareMs,
      processPrepareMs: there.prepareMs,
      inlineRunMs: here.runMs,
      processRunMs: there.runMs,
      processRunIntoMs: there.intoMs,
      runs,
    });
  }
  return {
    node: process.version,
    cores: availableParallelism(),
    /** Of the last minute: above the number of cores, everything below is too slow by about as much. */
    loadAverage: round(loadavg()[0] ?? 0),
    startMs,
    small: await timeSmall(isolated.backend),
    taxes,
    field: await timeField(isolated.backend, runs),
  };
}

type Prepare = (operation: Resample) => Promise<Prepared<'resample'>>;

async function timeRuns(prepare: Prepare, mib: number, runs: number) {
  const size = [256, 256, mib * 4];
  const source = createImage(createGrid({ size }), new Float32Array(mib * 2 ** 18).fill(1));
  const demand = { maps: ['affine'], samples: 'grid', perRun: source.data.length, runs } as const;
  const operation: Resample = { ...everyday(source), demand };
  const started = performance.now();
  await using prepared = await prepare(operation);
  const prepareMs = round(performance.now() - started);
  const asked = { samples: { size } };
  const runMs = await median(runs, () => prepared.run(identityMap(3), asked));
  const into = new Float32Array(source.data.length).fill(0);
  const intoMs = await median(runs, () => prepared.run(identityMap(3), { ...asked, into }));
  return { prepareMs, runMs, intoMs };
}

const everyday = (source: Resample['source']): Omit<Resample, 'demand'> => ({
  kind: 'resample',
  source,
  interpolator: 'linear',
  boundary: { kind: 'nearest' },
  pixelType: 'float32',
  gradient: false,
});

const tiny = (): Resample => ({
  ...everyday(createImage(createGrid({ size: [2, 2, 2] }), new Float32Array(8))),
  demand: { maps: ['affine'], samples: 'grid', perRun: 8, runs: 1 },
});

/** A run that carries nothing: what every run costs. */
async function timeSmall(backend: { prepare: Prepare }) {
  await using prepared = await backend.prepare(tiny());
  const asked = { samples: { size: [2, 2, 2] } };
  return { runMs: await median(200, () => prepared.run(identityMap(3), asked)) };
}

/** A dense field of 24 MiB with every run, against two copies of it that fault their memory in. */
async function timeField(backend: { prepare: Prepare }, runs: number) {
  await using prepared = await backend.prepare(tiny());
  const size = [128, 128, 128];
  const square = new Float64Array([1, 0, 0, 0, 1, 0, 0, 0, 1]);
  const { matrix } = identityMap(3);
  const fields = Array.from({ length: runs + 1 }, (): FieldMap => {
    const data = new Float32Array(3 * 128 ** 3).fill(0.5);
    const lattice = { size, order: 1, outside: 'edge', data } as const;
    return { kind: 'field', matrix, vectors: square, lookup: matrix, lattice };
  });
  let next = 0;
  const runMs = await median(runs, () =>
    prepared.run(fields[next++] as FieldMap, { samples: { size: [2, 2, 2] } }),
  );
  const source = fields[0]?.lattice.data as Float32Array;
  const copyMs = await median(runs, async () => source.slice());
  return { mib: 24, runMs, coldCopyMs: copyMs };
}

async function median(runs: number, work: () => Promise<unknown>): Promise<number> {
  const times: number[] = [];
  for (let run = 0; run <= runs; run++) {
    const started = performance.now();
    await work();
    if (run > 0) times.push(performance.now() - started);
  }
  return round(times.sort((a, b) => a - b)[Math.floor(times.length / 2)] as number);
}

const round = (ms: number): number => Number(ms.toPrecision(3));

const [, script, ...sizes] = process.argv;
if (script?.endsWith('isolation-tax.js') && sizes.length > 0)
  console.log(JSON.stringify(await main(sizes.map(Number), 5), null, 2));
