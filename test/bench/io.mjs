// Reads one .nii.gz with voxhost and with nibabel, in turn: node test/bench/io.mjs [SIDE=256] [ROUNDS=7]. Each
// reading is a process of its own, timed inside after its imports; memory is the process's peak less its start.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const [side = '256', rounds = '7'] = process.argv.slice(2);
const folder = mkdtempSync(join(tmpdir(), 'voxhost-bench-'));
const file = join(folder, 'head.nii.gz');
const python = '/usr/bin/python3';

const MAKE = `
import nibabel as nib, numpy as np, sys
n = int(sys.argv[2])
z, y, x = np.mgrid[0:n, 0:n, 0:n].astype(np.float32) / n - 0.5
d = 1000 * np.exp(-8 * (x * x + y * y + z * z)) + np.random.default_rng(0).normal(0, 15, (n, n, n))
nib.save(nib.Nifti1Image(d.astype(np.int16), np.eye(4)), sys.argv[1])`;

const NIBABEL = `
import nibabel as nib, numpy as np, resource, sys, time
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
begin = time.perf_counter()
data = np.asanyarray(nib.load(sys.argv[1]).dataobj)
ms = (time.perf_counter() - begin) * 1e3
grown = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) * 1024
print(ms, grown / data.nbytes)`;

const VOXHOST = `
import { readImage } from 'voxhost/io';
const before = process.resourceUsage().maxRSS;
const begin = performance.now();
const { data } = await readImage(process.argv[1]);
const ms = performance.now() - begin;
console.log(ms, ((process.resourceUsage().maxRSS - before) * 1024) / data.byteLength);`;

const numbers = (command, args) =>
  execFileSync(command, args, { encoding: 'utf8' }).trim().split(' ').map(Number);
const median = (values) => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)];

try {
  execFileSync(python, ['-c', MAKE, file, side]);
  const found = { voxhost: [], nibabel: [] };
  for (let round = 0; round < Number(rounds); round++) {
    found.voxhost.push(numbers(process.execPath, ['--input-type=module', '-e', VOXHOST, file]));
    found.nibabel.push(numbers(python, ['-c', NIBABEL, file]));
  }
  for (const [name, runs] of Object.entries(found)) {
    const [ms, memory] = [0, 1].map((i) => median(runs.map((run) => run[i])));
    const spread = runs.map((run) => run[0].toFixed(0)).join(' ');
    console.log(`${name}: ${ms.toFixed(0)} ms (${spread}), peak ${memory.toFixed(2)} x the volume`);
  }
} finally {
  rmSync(folder, { recursive: true });
}
