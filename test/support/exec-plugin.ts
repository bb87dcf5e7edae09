import { spawnSync } from 'node:child_process';
import { chmodSync, copyFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Manifest } from '@voxhost/sdk';
import { processManifest } from './process-plugin.js';
import type { TemporaryFolder } from './temporary-folder.js';

const PROGRAM = fileURLToPath(
  new URL('../../../test/fixtures/exec-plugin/nearest.py', import.meta.url),
);

/** Why the Python program cannot run here; undefined where it can. */
export const whyNoPython = (): string | undefined =>
  spawnSync('python3', ['--version']).status === 0 ? undefined : 'there is no python3';

/** Puts the Python program into a folder as a plugin; gives its manifest's path. */
export function writePython(folder: TemporaryFolder, changes: Partial<Manifest> = {}): string {
  const id = 'org.example.nearest';
  const entry = { type: 'exec', path: 'nearest.py', args: [`${id}.plugin.json`] } as const;
  const manifest = processManifest({
    id,
    name: 'nearest-py',
    targets: [{ os: process.platform, cpu: process.arch, ...libc(), entry }],
    capabilities: [
      {
        op: 'resample',
        dims: [2, 3],
        pixelTypes: ['uint8', 'int16', 'float32', 'float64'],
        output: ['same'],
        interpolators: ['nearest'],
        boundaries: ['constant'],
        maps: ['affine'],
        samples: ['grid'],
        gradient: false,
        cost: { startMs: 60, prepareNsPerVoxel: 10, runMs: 0.1, nsPerSample: 2000, copyGBs: 1 },
        numerics: { class: 'exact', deterministic: true, reference: 'reference@1' },
      },
    ],
    ...changes,
  });
  const program = join(folder.path, entry.path);
  copyFileSync(PROGRAM, program);
  chmodSync(program, 0o755);
  return folder.write(`${id}.plugin.json`, JSON.stringify(manifest));
}

const libc = () => (process.platform === 'linux' ? { libc: '*' as const } : {});
