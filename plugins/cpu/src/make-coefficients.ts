import { type Resample, voxelCount } from '@voxhost/sdk';
import { type IndexBox, isWithin } from './bricks/index-box.js';
import { coefficientsOf, isWide, planesOf } from './coefficients.js';
import { copyBoxIn } from './copy-box.js';
import type { Engine } from './engine.js';
import { type Filtered, filterAxis, lineEnds } from './filter-axis.js';
import { holdOn } from './held.js';
import { stageExtension } from './stage-extension.js';
import { type UnderWay, underWay } from './under-way.js';

/** Of coefficients, brought and filtered along x at a time, while they are in a cache and others are brought. */
const SLAB_BYTES = 2 ** 21;

/** A box of coefficients at an address, one channel after the other. */
export interface CoefficientBox {
  readonly address: number;
  readonly box: IndexBox;
}

/**
 * Makes the coefficients of a box from the samples in it: those nearer to a side beyond which more follow than
 * `splineMargin` says are not right. On a periodic axis a box may go round the end.
 *
 * @returns are the samples known to be finite? Their filtered lines are, then.
 */
export async function makeCoefficients(
  engine: Engine,
  operation: Resample,
  { address, box }: CoefficientBox,
  signal: AbortSignal | undefined,
): Promise<boolean> {
  const coefficients = coefficientsOf(operation);
  if (coefficients === undefined) return true;
  const size = box.map(({ count }) => count);
  const { order } = coefficients;
  const { channels } = operation.source;
  const filtered: Filtered = { address, size, channels, isWide: isWide(operation), order };
  const ends = box.map((range, axis) => lineEnds(operation, range, coefficients.size[axis]));
  const series = {};
  const prefilter = { engine, operation, signal, series };
  let areRowsFinite = true;
  const most = engine.pool.threads > 1 ? 2 : 1;
  await underWay(slabsOf(filtered, box), most, (slab) =>
    beginSlab(prefilter, slab, async () => {
      const along = { axis: 0, folds: ends[0] };
      const areFinite = await filterAxis(engine, slab.filtered, along, { signal, series });
      areRowsFinite &&= areFinite;
    }),
  );
  let areFinite = areRowsFinite;
  for (let axis = 1; axis < operation.source.grid.size.length; axis++) {
    const along = { axis, folds: ends[axis] };
    const areLinesFinite = await filterAxis(engine, filtered, along, { signal });
    areFinite ||= areLinesFinite;
  }
  return areFinite;
}

/** Some slices of a channel, or all of some channels. */
interface Slab {
  /** The first. */
  readonly channel: number;
  readonly box: IndexBox;
  readonly filtered: Filtered;
}

function slabsOf(filtered: Filtered, box: IndexBox): readonly Slab[] {
  const [x, y, z] = filtered.size;
  const sliceBytes = x * y * (filtered.isWide ? 8 : 4);
  const most = Math.max(1, Math.floor(SLAB_BYTES / sliceBytes));
  const together = Math.max(1, Math.floor(most / z));
  const slabs: Slab[] = [];
  for (let channel = 0; channel < filtered.channels; channel += together) {
    const channels = Math.min(together, filtered.channels - channel);
    for (let slice = 0; slice < z; slice += most) {
      const count = Math.min(most, z - slice);
      const address = filtered.address + (channel * z + slice) * sliceBytes;
      slabs.push({
        channel,
        box: box.with(2, { first: box[2].first + slice, count }),
        filtered: { ...filtered, address, size: [x, y, count], channels },
      });
    }
  }
  return slabs;
}

interface Prefilter {
  readonly engine: Engine;
  readonly operation: Resample;
  readonly signal: AbortSignal | undefined;
  readonly series: object;
}

/** Brings the samples of a slab, as they are or to be converted and padded; then they are filtered. */
async function beginSlab(
  { engine, operation, signal, series }: Prefilter,
  { channel, box, filtered }: Slab,
  filter: () => Promise<void>,
): Promise<UnderWay> {
  const { heap, pool } = engine;
  const { data, size } = planesOf(operation);
  const { channels } = filtered;
  const volume = voxelCount(size);
  const part = data.subarray(channel * volume, (channel + channels) * volume);
  const planes = { data: part, size, channels };
  if (isAsItIs(operation) && isWithin(box, size)) {
    await copyBoxIn(heap, planes, { address: filtered.address, box }, signal);
    return { ended: filter() };
  }
  const held = holdOn(heap);
  const extend = async (job: number): Promise<void> => {
    await pool.execute(job, { kernel: 'extend', signal, series });
    await filter();
  };
  try {
    const job = await stageExtension(
      engine,
      operation,
      { planes, box, filtered },
      { held, signal },
    );
    return { ended: extend(job).finally(() => held[Symbol.dispose]()) };
  } catch (error) {
    held[Symbol.dispose]();
    throw error;
  }
}

/** Are samples what the filter takes? */
function isAsItIs(operation: Resample): boolean {
  const coefficients = coefficientsOf(operation);
  return coefficients?.margin === 0 && operation.source.pixelType === coefficients.pixelType;
}
