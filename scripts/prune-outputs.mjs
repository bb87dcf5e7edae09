// Removes what was compiled from sources that are gone: it could still be imported, and its tests would still run.
import { existsSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';

/** What tsc makes of a source. */
const OUTPUT = /^(.*?)(?:\.d\.ts|\.js)(?:\.map)?$/;
const SOURCES = ['.ts', '.d.ts'];

/** Removes from a folder of outputs those that no file of the folder of sources stands for. */
export function pruneOutputs(outputs, sources) {
  if (!existsSync(outputs)) return;
  for (const path of readdirSync(outputs, { recursive: true })) {
    const source = OUTPUT.exec(path)?.[1];
    if (source === undefined) continue;
    const isMade = SOURCES.some((extension) => existsSync(join(sources, source + extension)));
    if (!isMade) rmSync(join(outputs, path));
  }
}
