import {
  type AffineMap,
  affineMap,
  type ContinuousMap,
  evaluate,
  type Grid,
  indexToPhysical,
  invertAffine,
  requireGrid,
  sequenceMap,
} from '@voxhost/sdk';
import { listOf, object, requireArgument } from '@voxhost/sdk/arguments';

/**
 * Output index to input index, through physical transforms in between. Grids whose axes are the same physical
 * lines never leave them: beside the axes the matrix is exactly 0, however oblique the grids are.
 */
export function betweenGrids(
  input: Grid,
  output: Grid,
  transforms: readonly ContinuousMap[],
): ContinuousMap {
  requireGrid(input);
  requireGrid(output);
  requireArgument('transforms', transforms, listOf(object));
  const axes = transforms.length === 0 ? sharedAxes(input, output) : undefined;
  if (axes !== undefined) return alongAxes(input, output, axes);
  const toPhysical = affineMap(indexToPhysical(output));
  const toIndex = invertAffine(affineMap(indexToPhysical(input)));
  return sequenceMap([toPhysical, ...transforms, toIndex]);
}

/** The axis of the input that an axis of the output runs along, or against. */
interface SharedAxis {
  readonly axis: number;
  readonly sign: 1 | -1;
}

/** For each axis of the output the input's, where all directions are the same numbers but for order and sign. */
function sharedAxes(input: Grid, output: Grid): readonly SharedAxis[] | undefined {
  const dims = input.size.length;
  if (output.size.length !== dims) return undefined;
  const theirs = columnsOf(input);
  const found = columnsOf(output).flatMap((column): readonly SharedAxis[] => {
    const runs = (sign: 1 | -1): number =>
      theirs.findIndex((other) => other.every((v, r) => v === sign * column[r]));
    const along = runs(1);
    if (along >= 0) return [{ axis: along, sign: 1 }];
    const against = runs(-1);
    return against >= 0 ? [{ axis: against, sign: -1 }] : [];
  });
  return found.length === dims ? found : undefined;
}

const columnsOf = ({ size, direction }: Grid): readonly (readonly number[])[] =>
  size.map((_, c) => size.map((__, r) => direction[r * size.length + c]));

/**
 * With the output's directions those of the input but for order and sign, P:
 * D·S·i + o = D·P·S'·i' + o'  =>  i = S⁻¹·P·S'·i' + S⁻¹·D⁻¹·(o' - o).
 */
function alongAxes(input: Grid, output: Grid, axes: readonly SharedAxis[]): AffineMap {
  const dims = axes.length;
  const matrix = new Float64Array(dims * (dims + 1));
  for (const [column, { axis, sign }] of axes.entries()) {
    matrix[axis * (dims + 1) + column] = (sign * output.spacing[column]) / input.spacing[axis];
  }
  const apart = output.origin.map((o, r) => o - input.origin[r]);
  for (const [row, millimetres] of onAxes(input, apart).entries()) {
    matrix[row * (dims + 1) + dims] = millimetres / input.spacing[row];
  }
  return affineMap(matrix);
}

/** Millimetres along each axis of a grid that add up to a physical vector. */
function onAxes(grid: Grid, vector: readonly number[]): Float64Array {
  const zeros = vector.map(() => 0);
  const directions = indexToPhysical({ ...grid, spacing: vector.map(() => 1), origin: zeros });
  return evaluate(invertAffine(affineMap(directions)), vector);
}
