import { join } from 'node:path';
import { isRecord } from '../compatibility/check-shape.js';
import { readOwnJson, writeOwnJson } from '../discovery/own-json.js';
import { own } from '../own.js';
import type { VerdictWord } from '../verdict.js';

/** A verdict as it stood when it was last asked for. */
export interface JudgedOnce {
  /** Of the manifest. */
  readonly path: string;
  readonly verdict: VerdictWord;
  /** Of the circumstances; absent where the manifest could not be read. */
  readonly fingerprint?: string;
}

const FORMAT = 1;
const LARGEST = 16 * 1024 * 1024;

/**
 * Since when each verdict holds, in the same circumstances: ISO dates, in the order of what was judged. Remembered in
 * a file of the cache folder; where that cannot be kept, everything holds since now.
 */
export function sinceWhen(
  judged: readonly JudgedOnce[],
  folder: string,
  now: Date,
): readonly string[] {
  const path = join(folder, 'verdicts.json');
  const { verdicts } = readOwnJson(path, { format: FORMAT, limit: LARGEST });
  const before = isRecord(verdicts) ? verdicts : {};
  const rows = judged.map(({ path: of, verdict, fingerprint = '' }) => {
    const row = own(before, of);
    const [word, circumstances, since] = Array.isArray(row) ? row : [];
    const isSame = word === verdict && circumstances === fingerprint && isDate(since);
    return [verdict, fingerprint, isSame ? since : now.toISOString()] as const;
  });
  const kept = Object.fromEntries(judged.map(({ path: of }, index) => [of, rows[index]]));
  if (JSON.stringify(kept) !== JSON.stringify(before))
    writeOwnJson(path, { format: FORMAT, verdicts: kept });
  return rows.map(([, , since]) => since);
}

const isDate = (value: unknown): value is string =>
  typeof value === 'string' && /^\d{4}-\d\d-\d\dT[\d:.]+Z$/.test(value);
