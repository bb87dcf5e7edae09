import {
  type ContinuousMap,
  fieldMap,
  type IndexMap,
  locateAll,
  mapDimensions,
  pointsMap,
  voxelCount,
} from '@voxhost/sdk';
import type { Router, RouteSettings } from '../routing/router.js';
import { operationOf, type SamplingTask } from './sampling.js';

/** Serves everything, slowly: the last resort of every form. */
const LAST_RESORT = 'reference';

/**
 * The map in the first form that a backend of any speed has, all of them exact at every voxel: as it is;
 * several fields as one with a vector for every output voxel; positions. A matrix stays a matrix: no
 * grid is ever made of it.
 */
export async function chooseForm(
  router: Pick<Router, 'explain'>,
  task: SamplingTask,
  settings: RouteSettings,
): Promise<IndexMap> {
  const { map } = task;
  if (map.kind === 'affine' || map.kind === 'points') return map;
  for (const form of formsOf(map, task.output.size)) {
    const sketch = operationOf({ ...task, map: form.sketch });
    const { chosen } = await router.explain(sketch, settings);
    if (chosen !== undefined && chosen !== LAST_RESORT) return form.make();
  }
  return map;
}

interface Form {
  /** A map of the same shape, for asking. */
  readonly sketch: IndexMap;
  readonly make: () => IndexMap;
}

function formsOf(map: ContinuousMap, size: readonly number[]): readonly Form[] {
  const asIs = { sketch: map, make: () => map };
  const points = {
    sketch: pointsMap(new Float64Array(0)),
    make: () => pointsMap(locateAll(map, { size }, mapDimensions(map))),
  };
  if (map.kind !== 'sequence') return [asIs, points];
  // The members of a sequence are fields: matrices fold into them.
  const [one] = map.maps;
  const field = { sketch: one, make: () => materialised(map, size) };
  return [asIs, field, points];
}

/** One field with a vector for every voxel of the grid that it will be run on. */
function materialised(map: ContinuousMap, size: readonly number[]): ContinuousMap {
  const dims = mapDimensions(map);
  const located = locateAll(map, { size }, dims);
  const count = voxelCount(size);
  const data = new Float64Array(located.length);
  for (let i = 0; i < located.length; i++) {
    const axis = i % dims;
    const at = Math.floor(i / dims);
    const index = Math.floor(at / voxelCount(size.slice(0, axis))) % size[axis];
    data[axis * count + at] = located[i] - index;
  }
  return fieldMap({ lattice: { size, order: 1, outside: 'edge', data } });
}
