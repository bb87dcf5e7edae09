// The zoo of broken plugins: builds, runs test/faults and ends with `N passed, N failed, N skipped`.
import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const run = (...args) => spawnSync(process.execPath, args, { cwd: root, stdio: 'inherit' }).status;

if (run('scripts/build.mjs') !== 0) {
  console.log('0 passed, 1 failed, 0 skipped');
  process.exit(1);
}
const files = readdirSync(new URL('../.build/test/faults/', import.meta.url))
  .filter((name) => name.endsWith('.test.js'))
  .map((name) => `.build/test/faults/${name}`);
const mocha = ['node_modules/mocha/bin/mocha.js', '--no-config', '--require', 'reflect-metadata'];
const reporter = ['--reporter', './scripts/mocha-reporter.cjs', '--timeout', '60000'];
process.exit(run('--enable-source-maps', ...mocha, ...reporter, ...files) ?? 1);
