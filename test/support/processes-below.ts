import { spawnSync } from 'node:child_process';

/** Command lines that name a folder, as those of its plugins' processes do. */
export function processesBelow(folder: string): readonly string[] {
  const lines = spawnSync('ps', ['-eo', 'args'], { encoding: 'utf8' }).stdout.split('\n');
  return lines.filter((line) => line.includes(folder));
}
