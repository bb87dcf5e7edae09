import { affineMap, invertAffine } from '@voxhost/sdk';
import { HostError } from '../errors.js';
import { linearMatrix } from './linear.js';
import { composite, linear } from './make-transform.js';
import type { SingleTransform } from './physical-maps.js';
import type { LinearTransform, Transform } from './transform.js';
import { requireTransform } from './transform-problem.js';

/**
 * The transform that undoes another: each member's inverse, in the opposite order. A matrix becomes an affine
 * about the same center. Throws NOT_EXPRESSIBLE for a B-spline or field, which `invertOnGrid` inverts by points.
 */
export function inverse(transform: Transform): Transform {
  requireTransform(transform);
  if (transform.kind !== 'composite') return inverseOfOne(transform);
  return composite(transform.members.map(inverseOfOne).toReversed());
}

function inverseOfOne(transform: SingleTransform): Transform {
  switch (transform.kind) {
    case 'bspline':
    case 'displacement-field':
      throw new HostError('NOT_EXPRESSIBLE', {
        what: `the inverse of a ${transform.kind} transform`,
        reason: 'has no closed form',
        remedy: 'invert it on a grid, or use the inverse that its registration wrote',
      });
    case 'translation':
      return { ...transform, parameters: transform.parameters.map((v) => -v) };
    default:
      return inverseAffine(transform);
  }
}

/** y = M(x - c) + c + t  =>  x = M⁻¹(y - c) + c - M⁻¹t. */
function inverseAffine(transform: LinearTransform): LinearTransform {
  const { dims } = transform;
  const center = [...transform.center];
  const { matrix } = invertAffine(affineMap(linearMatrix(transform)));
  const rows = center.map((_, r) => matrix.subarray(r * (dims + 1), (r + 1) * (dims + 1)));
  const offset = rows.map(
    (row, r) => row[dims] - center[r] + center.reduce((sum, c, i) => sum + row[i] * c, 0),
  );
  return linear('affine', dims, [...rows.flatMap((row) => [...row.subarray(0, dims)]), ...offset], {
    center,
  });
}
