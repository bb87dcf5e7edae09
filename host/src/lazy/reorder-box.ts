import { forEachRun, runLength, type StridedBox } from './for-each-run.js';
import { type ReorderKernel, ROOM, reorderKernel } from './reorder-kernel.js';

/**
 * A box of elements, axes as in the target, x first: three of them. The steps of the source may be negative, and along
 * one axis they are 1 or -1.
 */
export interface ReorderedBox extends StridedBox {
  /** Elements of the source and of the target that come first. */
  readonly from: number;
  readonly to: number;
  /** Of one element. */
  readonly bytes: number;
}

/** Runs of so many bytes are copied as they lie: a call then costs little beside what it copies. */
const LONG_RUN = 4096;

/**
 * Copies a box into another order. Where both sides run on together, as they lie; otherwise part by part through the
 * memory of a kernel. That adds two copies within the cache, and is still two to four times faster than a loop of
 * JavaScript, which checks every index.
 */
export function reorderBox(source: Uint8Array, target: Uint8Array, box: ReorderedBox): void {
  const { counts, from, to, bytes } = box;
  if (counts.includes(0)) return;
  const run = runLength(box);
  if (run * bytes >= LONG_RUN || run === product(counts)) {
    forEachRun(box, (a, b, length) => {
      const start = (from + a) * bytes;
      target.set(source.subarray(start, start + length * bytes), (to + b) * bytes);
    });
    return;
  }
  const kernel = reorderKernel();
  forEachPart(box, (part) => reorderPart(kernel, source, target, part));
}

function reorderPart(
  kernel: ReorderKernel,
  source: Uint8Array,
  target: Uint8Array,
  { counts, from, fromSteps, to, toSteps, bytes }: ReorderedBox,
): void {
  const apart = fromSteps.map(Math.abs);
  const order = [0, 1, 2].sort((a, b) => apart[a] - apart[b]);
  const inOrder = (steps: readonly number[]): readonly number[] => order.map((axis) => steps[axis]);
  const packed = packedSteps(counts, order);
  const lowest = from + lowestOffset(counts, fromSteps);
  const copied = { counts: inOrder(counts), fromSteps: inOrder(apart), toSteps: inOrder(packed) };
  forEachRun(copied, (a, b, length) => {
    const start = (lowest + a) * bytes;
    kernel.source.set(source.subarray(start, start + length * bytes), b * bytes);
  });
  const steps = packed.map((step, axis) => step * Math.sign(fromSteps[axis]));
  kernel.run(bytes, counts, -lowestOffset(counts, steps), steps);
  const done = { counts, fromSteps: packedSteps(counts, [0, 1, 2]), toSteps };
  forEachRun(done, (a, b, length) => {
    const part = kernel.target.subarray(a * bytes, (a + length) * bytes);
    target.set(part, (to + b) * bytes);
  });
}

/** Steps of a box without gaps whose axes follow each other in this order. */
function packedSteps(counts: readonly number[], order: readonly number[]): readonly number[] {
  const steps = counts.map(() => 0);
  let step = 1;
  for (const axis of order) {
    steps[axis] = step;
    step *= counts[axis];
  }
  return steps;
}

/** From the first element of a box to the one that lies lowest. */
const lowestOffset = (counts: readonly number[], steps: readonly number[]): number =>
  counts.reduce((sum, count, axis) => sum + Math.min(0, steps[axis] * (count - 1)), 0);

const product = (counts: readonly number[]): number => counts.reduce((a, b) => a * b, 1);

/** Parts that fit the kernel, long along x and along the axis of neighbours, so that runs are long on both sides. */
function forEachPart(box: ReorderedBox, visit: (part: ReorderedBox) => void): void {
  const { counts, from, fromSteps, to, toSteps } = box;
  const most = partCounts(box);
  const starts = counts.map((count, axis) =>
    Array.from({ length: Math.ceil(count / most[axis]) }, (_, i) => i * most[axis]),
  );
  const [xs, ys, zs] = starts;
  for (const z of zs) {
    for (const y of ys) {
      for (const x of xs) {
        const start = [x, y, z];
        const along = (steps: readonly number[]): number =>
          x * steps[0] + y * steps[1] + z * steps[2];
        visit({
          ...box,
          counts: counts.map((count, axis) => Math.min(most[axis], count - start[axis])),
          from: from + along(fromSteps),
          to: to + along(toSteps),
        });
      }
    }
  }
}

function partCounts({ counts, fromSteps, bytes }: ReorderedBox): readonly number[] {
  let left = ROOM / bytes;
  const most = [1, 1, 1];
  const take = (axis: number, limit: number): void => {
    most[axis] = Math.min(counts[axis], limit);
    left = Math.floor(left / most[axis]);
  };
  const neighbours = counts.findIndex((n, axis) => n > 1 && Math.abs(fromSteps[axis]) === 1);
  const across = neighbours > 0 ? counts[neighbours] : 1;
  take(0, neighbours > 0 ? Math.max(Math.floor(Math.sqrt(left)), Math.floor(left / across)) : left);
  const others = [1, 2].sort((a, b) => Number(b === neighbours) - Number(a === neighbours));
  for (const axis of others) take(axis, left);
  return most;
}
