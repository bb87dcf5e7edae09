import type { Format } from './format.js';
import { metaImage } from './metaimage/index.js';
import { nifti } from './nifti/index.js';
import { nrrd } from './nrrd/index.js';

/** Every volume format that voxhost reads and writes itself. */
export const FORMATS: readonly Format[] = [nifti, metaImage, nrrd];

export interface MatchedFormat {
  readonly format: Format;
  /** As in the table: lower case, with the dot. */
  readonly extension: string;
}

/** The format whose extension ends the path, the longest extension first; case does not matter. */
export function formatOf(path: string): MatchedFormat | undefined {
  const lower = path.toLowerCase();
  const matches = FORMATS.flatMap((format) =>
    format.extensions.filter((e) => lower.endsWith(e)).map((extension) => ({ format, extension })),
  );
  return matches.sort((a, b) => b.extension.length - a.extension.length)[0];
}

/** The extensions to offer when none matched. */
export const knownExtensions = (): string => FORMATS.flatMap((f) => f.extensions).join(' ');
