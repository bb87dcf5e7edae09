// All that the PTX machine can try, of which `npm test` tries a sample: `npm run ptx-machine`. Takes minutes.
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const tests = [
  'contract/cuda-ptx',
  'golden/cuda-ptx-golden',
  'plugins/cuda/ptx-machine/*',
  'plugins/cuda/same-bits',
];
const files = tests.map((name) => `.build/test/${name}.test.js`);
const setup = [
  '--no-config',
  '--require',
  'reflect-metadata',
  '--require',
  './scripts/mocha-setup.cjs',
];
const reporter = ['--reporter', './scripts/mocha-reporter.cjs', '--timeout', '600000', '--exit'];

await import('./build.mjs');
const { status } = spawnSync(
  process.execPath,
  ['node_modules/mocha/bin/mocha.js', ...setup, ...reporter, ...files],
  {
    cwd: root,
    stdio: 'inherit',
    env: { ...process.env, VOXHOST_PTX_CASES: 'all' },
  },
);
process.exitCode = status ?? 1;
