import { asVolume, type FieldMap } from '@voxhost/sdk';
import type { Call } from './call.js';
import { BOX_BYTES, FOLD_BYTES } from './metric-layout.js';
import { type Sites, tileBlock } from './sites.js';

/** Bytes of the boxes of tiles that are at work before they are added to the lattice. */
const WAVE_BYTES = 2 ** 26;

/** Control points of a lattice that a tile adds to. */
interface Box {
  readonly first: readonly number[];
  readonly size: readonly number[];
}

/** Tiles whose boxes are in memory together. */
export interface Wave {
  readonly firstTile: number;
  readonly endTile: number;
  readonly boxes: readonly Box[];
}

const bytesOf = ({ size }: Box, dims: number): number => 8 * dims * size[0] * size[1] * size[2];

/** Splits the tiles, in order, into waves of bounded memory. */
export function planWaves(sites: Sites, map: FieldMap): readonly Wave[] {
  const waves: Wave[] = [];
  let boxes: Box[] = [];
  let bytes = 0;
  for (let tile = 0; tile < sites.tiles; tile++) {
    const box = boxOf(sites, map, tile);
    if (boxes.length > 0 && bytes + bytesOf(box, sites.dims) > WAVE_BYTES) {
      waves.push({ firstTile: tile - boxes.length, endTile: tile, boxes });
      boxes = [];
      bytes = 0;
    }
    boxes.push(box);
    bytes += bytesOf(box, sites.dims);
  }
  waves.push({ firstTile: sites.tiles - boxes.length, endTile: sites.tiles, boxes });
  return waves;
}

/** An affine lookup is least and most at corners of the tile; one control point more on either side covers rounding. */
function boxOf(sites: Sites, { lookup, lattice }: FieldMap, tile: number): Box {
  const { dims } = sites;
  const block = tileBlock(sites, tile);
  const reach = lattice.order === 1 ? 2 : 3;
  const size = asVolume(lattice.size);
  const ends = size.map((n, row) => {
    if (row >= dims) return [0, 0];
    const m = lookup.subarray(row * (dims + 1), (row + 1) * (dims + 1));
    let [least, most] = [m[dims], m[dims]];
    for (let axis = 0; axis < dims; axis++) {
      const at = [block.start[axis], block.start[axis] + block.size[axis] - 1];
      const reached = at.map((x) => m[axis] * x);
      least += Math.min(...reached);
      most += Math.max(...reached);
    }
    const clamp = (x: number): number => Math.min(Math.max(x, 0), n - 1);
    return [clamp(Math.floor(least) - reach), clamp(Math.ceil(most) + reach)];
  });
  return { first: ends.map(([low]) => low), size: ends.map(([low, high]) => high - low + 1) };
}

/** Writes the table of a wave's boxes; both are released with `held`. */
export function writeBoxes(
  { subject, sites }: Call,
  { boxes }: Wave,
  held: Call['held'],
): { readonly address: number; readonly count: number } {
  const { heap } = subject.engine;
  const data = held.allocate(boxes.reduce((sum, box) => sum + bytesOf(box, sites.dims), 0));
  const address = held.allocate(boxes.length * BOX_BYTES);
  const table = new Int32Array(heap.memory.buffer, address, (boxes.length * BOX_BYTES) / 4);
  let at = data;
  for (const [i, box] of boxes.entries()) {
    table.set([at, ...box.first, ...box.size], (i * BOX_BYTES) / 4);
    at += bytesOf(box, sites.dims);
  }
  return { address, count: boxes.length };
}

/** Adds the boxes to the lattice, in order. */
export async function foldBoxes(
  { subject, sites, run }: Call,
  boxes: { readonly address: number; readonly count: number },
  { lattice, map }: { readonly lattice: number; readonly map: FieldMap },
  held: Call['held'],
): Promise<void> {
  const { heap, pool } = subject.engine;
  const size = asVolume(map.lattice.size);
  const job = held.allocate(FOLD_BYTES);
  const words = [0, 0, size[2], boxes.address, boxes.count, lattice, ...size, sites.dims];
  new Int32Array(heap.memory.buffer, job, FOLD_BYTES / 4).set(words);
  await pool.execute(job, { kernel: 'foldBoxes', signal: run.signal });
}
