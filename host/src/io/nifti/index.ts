import type { Format } from '../format.js';
import { encodeNifti } from './encode.js';
import { parseNifti } from './parse.js';

/** NIfTI-1 and -2, single files and pairs. */
export const nifti: Format = {
  name: 'NIfTI',
  extensions: ['.nii.gz', '.nii', '.hdr', '.img', '.hdr.gz', '.img.gz'],
  detached: {
    '.hdr': { plain: '.img', compressed: '.img' },
    '.hdr.gz': { plain: '.img.gz', compressed: '.img.gz' },
  },
  parse: parseNifti,
  encode: encodeNifti,
};
