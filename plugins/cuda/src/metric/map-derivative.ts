import { type FieldMap, type IndexMap, zeroDerivative } from '@voxhost/sdk';
import { packStep } from '../map-parameters.js';
import { SCATTER } from '../parameters.js';
import { download } from './download.js';
import type { SamplePlanes } from './sample-planes.js';
import type { Sampled } from './sampled.js';
import { sumSamples } from './sum-samples.js';

/** The chain rule from the cotangents of the samples, which the tiles have, to the map's free parameters. */
export async function derivativeOf(sampled: Sampled, map: IndexMap): Promise<Float64Array> {
  const derivative = zeroDerivative(map) ?? new Float64Array();
  if (map.kind === 'points') await downloadCotangents(sampled, derivative);
  if (map.kind === 'affine') fillMatrix(derivative, await affineSums(sampled));
  if (map.kind === 'field') await sumLattice(sampled, map, derivative);
  return derivative;
}

/** Of metric_affine: 3 x 4 sums of cotangent times [index; 1], then of the cotangents' absolute values by axis. */
const affineSums = (sampled: Sampled): Promise<Float64Array> =>
  sumSamples(sampled, { kernel: 'metric_affine', columns: 15 }, ({ parameters, sites }) => [
    parameters,
    sites,
  ]);

function fillMatrix(derivative: Float64Array, sums: Float64Array): void {
  const dims = derivative.length === 6 ? 2 : 3;
  for (let i = 0; i < derivative.length; i++) {
    const [row, column] = [Math.floor(i / (dims + 1)), i % (dims + 1)];
    derivative[i] = sums[4 * row + (column === dims ? 3 : column)];
  }
}

/** Bits of the whole numbers that are summed, sign apart; one is left for rounding. */
const SUM_BITS = 61;

/**
 * Contributions are whole numbers of a unit that no sum can overflow: no coefficient's derivative is larger than
 * all cotangents together. So the order in which threads add does not show, and the unit is 2^-61 of that.
 */
async function sumLattice(
  sampled: Sampled,
  map: FieldMap,
  derivative: Float64Array,
): Promise<void> {
  const { engine } = sampled;
  const sums = await affineSums(sampled);
  const steepest = map.vectors.reduce((most, each) => Math.max(most, Math.abs(each)), 0);
  const bound = steepest * (sums[12] + sums[13] + sums[14]);
  if (bound === 0) return;
  const count = derivative.length;
  using region = engine.memory.take(count * 8);
  const scale = 2 ** (SUM_BITS - 1 - Math.ceil(Math.log2(bound)));
  const scatter = SCATTER.pack({ address: region.address, scale, count });
  const [{ stream }] = engine.lanes.both;
  const step = packStep(map);
  await engine.lanes.exclusive(async () =>
    engine.launch('metric_clear', [scatter], [count, 1, 1], stream),
  );
  await sampled.forEachTile(({ parameters, sites, tile }) => {
    const structs = [parameters, sites, step, scatter];
    engine.launch('metric_lattice', structs, [tile.count, 1, 1], stream);
  });
  await engine.lanes.exclusive(async () => {
    engine.launch('metric_resolve', [scatter], [count, 1, 1], stream);
    await download(engine, region.address, derivative);
  });
}

/** The cotangent of each position, x y z of each. */
async function downloadCotangents(sampled: Sampled, derivative: Float64Array): Promise<void> {
  const { engine, wanted } = sampled;
  const dims = derivative.length / wanted.count;
  await sampled.forEachTile(async ({ tile, cotangents }: SamplePlanes) => {
    const plane = new Float64Array(tile.count);
    for (let axis = 0; axis < dims; axis++) {
      await download(engine, cotangents.address + BigInt(axis * cotangents.stride), plane);
      for (let n = 0; n < tile.count; n++) derivative[(tile.first + n) * dims + axis] = plane[n];
    }
  });
}
