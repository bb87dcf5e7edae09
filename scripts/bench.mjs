// Times the named workloads: --json, --threads T, --n N, --name SUBSTRING. With `record` as the first argument it writes
// test/bench/results, against the peers of --peers DIR; with `impact` it times the IMPACT metric: --threads T, --runs N.
// See the README there.
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const run = (script, args, stdio) =>
  spawnSync(process.execPath, [fileURLToPath(new URL(script, import.meta.url)), ...args], {
    stdio,
  });

const build = run('build.mjs', [], ['ignore', 2, 2]); // stdout is for results
const [first, ...rest] = process.argv.slice(2);
const OTHERS = ['record', 'impact'];
const [script, args] = OTHERS.includes(first)
  ? [`${first}.js`, rest]
  : ['main.js', process.argv.slice(2)];
process.exitCode =
  build.status === 0 ? run(`../.build/test/bench/${script}`, args, 'inherit').status : build.status;
