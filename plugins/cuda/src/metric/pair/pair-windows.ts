import { type Block, type Image, type Metric, PIXEL_TYPES } from '@voxhost/sdk';
import type { Extent } from '../../engine.js';
import { AFFINE_MAP, OUTPUT, PAIR_WINDOWS } from '../../parameters.js';
import { boxVolume, countsOf, placeBox } from '../../parts/box.js';
import { shiftOf, spreadOf } from '../local-normalized-correlation.js';
import { chunksOf, product, spansOf } from './chunks.js';
import { PARAMETERS, type PairFigure, type PairRun } from './pair-moments.js';
import { addRows, overParts, type Pair, type PairPart } from './pair-sums.js';

/** Windows about the samples of a grid, and what makes values fit to be summed. */
export interface Windowing {
  /** Voxels on either side, per axis. */
  readonly radius: readonly number[];
  /** Samples of a tile by axis: whose windows one block of threads judges. */
  readonly tile: readonly number[];
  /** What the kernels' names end with. */
  readonly ending: string;
  readonly fixed: Scaling;
  readonly moving: Scaling;
}

/** Values become (value - shift) * scale. */
interface Scaling {
  readonly shift: number;
  readonly scale: number;
}

// As in kernels/pair-boxes.h and pair-tiles.h.
const REGION = [32, 16] as const;
const TILE_Z = 16;
const ANY_MOST = 4;
const WARP_ROWS = 8;
const COLUMN = 64;
/** The radius, on all axes, whose kernels know it. */
const KNOWN = 2;

/** Undefined where a window is too large for a block of threads. */
export function windowingOf(
  { fixed, moving }: Metric,
  radius: readonly number[],
): Windowing | undefined {
  if (radius.some((r) => r > ANY_MOST)) return undefined;
  const isKnown = radius.every((r) => r === KNOWN);
  const tileY = REGION[1] - 2 * (isKnown ? KNOWN : ANY_MOST);
  return {
    radius,
    tile: [REGION[0] - 2 * radius[0], tileY, TILE_Z],
    ending: isKnown ? '_of_2' : '',
    fixed: scalingOf(fixed),
    moving: scalingOf(moving),
  };
}

/** Near 0 for the digits of squares, and of order 1 for the exponents of what is stored of windows as float32. */
function scalingOf(image: Image): Scaling {
  // What float32 holds can stand for a value that does not count.
  const shift = Math.fround(shiftOf(image, 0));
  const scale = 1 / spreadOf(image, 0, shift);
  return { shift, scale };
}

/** Values of a row of sums: windows that count, and the sum of their figures. */
const WINDOW_SUMS = 2;

/** Bytes of a moving value, and of what its window says of slopes. */
const VALUE_BYTES = 8;
const SAID_BYTES = [4, 4, 8] as const;

/** Mean of s_fm² / (s_ff s_mm) over all windows: see local-normalized-correlation.ts. */
export async function pairWindows(
  pair: Pair,
  run: PairRun,
  windowing: Windowing,
): Promise<PairFigure> {
  const { tile, radius, moving } = windowing;
  const { derivative } = run;
  const rows = product(chunksOf(pair.subject.operation.fixed.grid.size, tile));
  const figures = pair.room('sums', 8 * WINDOW_SUMS * rows);
  const slopes = pair.room('slopes', 8 * PARAMETERS * rows);
  const judging = { pair, run, windowing, figures, slopes };
  const cutting = {
    chunk: tile,
    reach: radius.map((r) => (derivative ? 2 * r : r)),
    bytesPerSample: VALUE_BYTES + (derivative ? sum(SAID_BYTES) : 0),
  };
  await overParts(pair, run, cutting, (part) => judgePart(judging, part));
  const add = (address: bigint, columns: number) => addRows(pair, { address, rows, columns });
  const [count, all] = await add(figures, WINDOW_SUMS);
  const figure = all / count;
  if (!derivative) return { count, figure, derivative: undefined };
  const bySlope = await add(slopes, PARAMETERS);
  // Slopes are by the moving value as it is scaled.
  return { count, figure, derivative: bySlope.map((each) => (each * moving.scale) / count) };
}

const sum = (numbers: readonly number[]): number => numbers.reduce((all, n) => all + n, 0);

interface Judging {
  readonly pair: Pair;
  readonly run: PairRun;
  readonly windowing: Windowing;
  /** Where sums of all tiles go. */
  readonly figures: bigint;
  readonly slopes: bigint;
}

/** For who has the lanes. */
function judgePart({ pair, run, windowing, figures, slopes }: Judging, part: PairPart): void {
  const { engine } = pair;
  const { radius, tile, ending } = windowing;
  const { packed, block } = part;
  const [{ stream }] = engine.lanes.both;
  const map = AFFINE_MAP.pack({ matrix: run.map.matrix });
  const planes = takePlanes(part, run.derivative);
  const [x, y, z] = countsOf(part.boxes.fixed);
  const columns = [x, y, Math.ceil(z / COLUMN)] as const;
  engine.launch('pair_values', [packed, map, planes.values], columns, stream);
  const size = pair.subject.operation.fixed.grid.size;
  const windowsOf = (rows: bigint, tiles: Block): Uint8Array =>
    packWindows({ windowing, part, size }, { rows, tiles, planes });
  // Slopes of a tile's samples come of windows of those around it too.
  const judged = run.derivative ? blockAround(block, { size, tile, radius }) : block;
  const judge = [packed, windowsOf(figures, judged)];
  engine.launch(`pair_windows${ending}`, judge, extentOf(judged), stream);
  if (!run.derivative) return;
  const sumUp = [packed, map, windowsOf(slopes, block)];
  engine.launch(`pair_window_slopes${ending}`, sumUp, extentOf(block), stream);
}

/** Threads of blocks, of which each has a tile. */
const extentOf = ({ size: [x, y, z] }: Block): Extent => [REGION[0] * x, WARP_ROWS * y, z];

/** Planes of the samples of a part; addresses are those of sample 0 0 0, which may not be there. */
interface Planes {
  /** The kernels' Output. */
  readonly values: Uint8Array;
  readonly value: bigint;
  /** What windows say of slopes; 0 where nothing is wanted. */
  readonly said: readonly [a: bigint, b: bigint, c: bigint];
}

function takePlanes({ boxes: { fixed: box }, room }: PairPart, derivative: boolean): Planes {
  const volume = boxVolume(box);
  const said = derivative ? SAID_BYTES : [];
  const address = room((VALUE_BYTES + sum(said)) * volume);
  // Those of 8 bytes first, which are aligned so.
  const origin = (before: number, bytes: number): bigint =>
    address + BigInt(before * volume + placeBox(box, bytes).offset);
  const { rowStride, sliceStride } = placeBox(box, VALUE_BYTES);
  const values = OUTPUT.pack({
    ...{ address, rowStride, sliceStride, planeStride: 0, size: countsOf(box) },
    start: box.map(({ first }) => first),
    pixel: PIXEL_TYPES.indexOf('float64'),
  });
  const value = origin(0, VALUE_BYTES);
  if (!derivative) return { values, value, said: [0n, 0n, 0n] };
  const [a, b, c] = SAID_BYTES;
  const after = VALUE_BYTES + c;
  return { values, value, said: [origin(after, a), origin(after + a, b), origin(VALUE_BYTES, c)] };
}

interface Windows {
  readonly windowing: Windowing;
  readonly part: PairPart;
  /** Of the grid. */
  readonly size: readonly number[];
}

interface WindowLaunch {
  readonly rows: bigint;
  /** Those that are launched. */
  readonly tiles: Block;
  readonly planes: Planes;
}

function packWindows(
  { windowing: { radius, tile, fixed, moving }, part, size }: Windows,
  { rows, tiles, planes: { value, said } }: WindowLaunch,
): Uint8Array {
  const { block, boxes } = part;
  const [a, b, c] = said;
  const lows = boxes.fixed.map(({ first }) => first);
  const highs = boxes.fixed.map(({ first, count }) => first + count);
  const reach = a === 0n ? [0, 0, 0] : radius;
  const spans = spansOf(block, { size, chunk: tile, reach });
  return PAIR_WINDOWS.pack({
    ...{ rows, values: value, a, b, c, radius, start: tiles.start },
    ...{ fixedScale: fixed.scale, fixedOffset: -fixed.shift * fixed.scale },
    ...{ movingScale: moving.scale, movingOffset: -moving.shift * moving.scale },
    fixedShift: fixed.shift,
    tiles: chunksOf(size, tile),
    own: [...block.start, ...block.start.map((first, axis) => first + block.size[axis])],
    there: [...lows, ...highs],
    judged: [...spans.map(({ low }) => low), ...spans.map(({ high }) => high + 1)],
  });
}

/** Tiles that have samples of a block of them, or around it. */
function blockAround(
  block: Block,
  { size, tile, radius }: { readonly size: readonly number[] } & Pick<Windowing, 'tile' | 'radius'>,
): Block {
  const spans = spansOf(block, { size, chunk: tile, reach: radius });
  const start = spans.map(({ low }, axis) => Math.floor(low / tile[axis]));
  return {
    start,
    size: spans.map(({ high }, axis) => Math.floor(high / tile[axis]) + 1 - start[axis]),
  };
}
