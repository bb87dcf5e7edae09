/** Axes of a box of elements: how many, and how far apart neighbours are on either side. */
export interface StridedBox {
  readonly counts: readonly number[];
  readonly fromSteps: readonly number[];
  readonly toSteps: readonly number[];
}

/** Elements from the first on that are neighbours on both sides. */
export function runLength({ counts, fromSteps, toSteps }: StridedBox): number {
  let run = 1;
  for (const [axis, count] of counts.entries()) {
    if (count === 1) continue;
    if (fromSteps[axis] !== run || toSteps[axis] !== run) break;
    run *= count;
  }
  return run;
}

/** Visits the longest runs that are contiguous on both sides, by the offsets of their first elements. */
export function forEachRun(
  box: StridedBox,
  visit: (from: number, to: number, length: number) => void,
): void {
  const { counts, fromSteps, toSteps } = box;
  const length = runLength(box);
  const outer = outerAxes(counts, length);
  const walk = (depth: number, from: number, to: number): void => {
    if (depth < 0) {
      visit(from, to, length);
      return;
    }
    const axis = outer[depth];
    for (let i = 0; i < counts[axis]; i++) {
      walk(depth - 1, from + i * fromSteps[axis], to + i * toSteps[axis]);
    }
  };
  walk(outer.length - 1, 0, 0);
}

/** The axes that a run does not span. */
function outerAxes(counts: readonly number[], length: number): readonly number[] {
  let spanned = 1;
  return counts.flatMap((count, axis) => {
    if (count === 1) return [];
    if (spanned === length) return [axis];
    spanned *= count;
    return [];
  });
}
