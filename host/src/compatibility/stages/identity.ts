import { type Outcome, passed, refused } from '../outcome.js';
import type { StageInput } from '../subject.js';

/** Suffix of every manifest's file name, after its id. */
export const MANIFEST_SUFFIX = '.plugin.json';

/** Stage 3: the file is named after the id. Precedence is settled once all plugins are judged. */
export function judgeIdentity({ manifest, path }: StageInput): Outcome {
  const file = fileName(path);
  const expected = `${manifest.id}${MANIFEST_SUFFIX}`;
  if (file === expected) return passed();
  return refused(
    'identity',
    'malformed',
    { expected: `the file name ${expected}`, found: file, where: `${path} id` },
    { text: `rename the file to ${expected}, or correct its id` },
  );
}

/** Last part of a path of either kind. */
const fileName = (path: string): string => path.split(/[\\/]/).at(-1) ?? path;
