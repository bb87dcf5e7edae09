import { PIXEL_TYPES, type PixelType, VoxhostError } from '@voxhost/sdk';
import { own } from '../own.js';

/** Names of dtypes in Python that are not our own. */
const DTYPES: { readonly [name: string]: PixelType } = {
  float: 'float32',
  double: 'float64',
  short: 'int16',
  int: 'int32',
};

/** Our pixel type for a dtype as Python writes it. Throws `BAD_ARGUMENT`. */
export function pixelTypeOfDtype(dtype: string): PixelType {
  const name = dtype.replace(/^\$/, '').replace(/^(torch|numpy|np)\./, '');
  const found = PIXEL_TYPES.find((type) => type === name) ?? own(DTYPES, name);
  if (found !== undefined) return found;
  const reason = `"${dtype}" is none of ${PIXEL_TYPES.join(', ')}`;
  throw new VoxhostError('BAD_ARGUMENT', { argument: 'dtype', reason });
}
