// Times the named workloads: --json, --threads T, --n N, --name SUBSTRING. With `record` as the first argument it writes
// test/bench/results, against the peers of --peers DIR; see the README there.
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const run = (script, args, stdio) =>
  spawnSync(process.execPath, [fileURLToPath(new URL(script, import.meta.url)), ...args], {
    stdio,
  });

const build = run('build.mjs', [], ['ignore', 2, 2]); // stdout is for results
const [first, ...rest] = process.argv.slice(2);
const [script, args] =
  first === 'record' ? ['record.js', rest] : ['main.js', process.argv.slice(2)];
process.exitCode =
  build.status === 0 ? run(`../.build/test/bench/${script}`, args, 'inherit').status : build.status;
