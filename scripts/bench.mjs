// Times the named workloads; see test/bench/README.md. Options: --json, --threads T, --n N, --name SUBSTRING.
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const run = (script, args, stdio) =>
  spawnSync(process.execPath, [fileURLToPath(new URL(script, import.meta.url)), ...args], {
    stdio,
  });

const build = run('build.mjs', [], ['ignore', 2, 2]); // stdout is for results
process.exitCode =
  build.status === 0
    ? run('../.build/test/bench/main.js', process.argv.slice(2), 'inherit').status
    : build.status;
