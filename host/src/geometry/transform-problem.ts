import { gridProblem, pixelTypeOf, VoxhostError, voxelCount } from '@voxhost/sdk';
import { isObject, reading, show } from '@voxhost/sdk/arguments';
import { linearProblem } from './linear.js';
import { dimensionsOf, type Transform } from './transform.js';

/**
 * The first thing wrong with a transform, or undefined: transforms are plain data, and callers in JavaScript have no
 * types. Looks at shapes and at the parameters of matrices, never at those of fields, whose number is not bounded.
 */
function transformProblem(transform: Transform): string | undefined {
  if (!isObject(transform)) return `is ${show(transform)}, no transform`;
  if (transform.kind !== 'composite') return singleProblem(transform);
  const { members } = transform;
  if (!Array.isArray(members)) return 'is a composite without members';
  for (const member of members) {
    const problem =
      member?.kind === 'composite' ? 'is itself a composite' : transformProblem(member);
    if (problem !== undefined) return `has a member that ${problem}`;
  }
  return undefined;
}

/** Throws `BAD_ARGUMENT` with the first thing wrong with a transform. */
export function requireTransform(transform: Transform): void {
  const reason = reading('transform', () => transformProblem(transform));
  if (reason !== undefined)
    throw new VoxhostError('BAD_ARGUMENT', { argument: 'transform', reason });
}

/** Dimensions that a transform works in; a composite without members is a 3-D identity. Throws `BAD_ARGUMENT`. */
export function transformDimensions(transform: Transform): number {
  requireTransform(transform);
  return dimensionsOf(transform);
}

function singleProblem(transform: object): string | undefined {
  const { kind, grid, parameters } = transform as { readonly [field: string]: unknown };
  const isField = kind === 'bspline' || kind === 'displacement-field';
  return isField ? fieldProblem(grid, parameters) : linearProblem(transform);
}

function fieldProblem(grid: unknown, parameters: unknown): string | undefined {
  const wrong = gridProblem(grid as Parameters<typeof gridProblem>[0]);
  if (wrong !== undefined) return `has a grid whose ${wrong.field} ${wrong.reason}`;
  const { size } = grid as { readonly size: readonly number[] };
  const type = pixelTypeOf(parameters);
  if (type !== 'float32' && type !== 'float64') return 'has parameters of no float type';
  const wanted = size.length * voxelCount(size);
  const { length } = parameters as Float64Array;
  return length === wanted ? undefined : `has ${length} parameters where ${wanted} are needed`;
}
