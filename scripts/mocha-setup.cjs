// What every test run has of its own. A home: no test reads or writes what this user configured. A seed: the same
// properties are tried at every run, and VOXHOST_TEST_SEED tries others.
const { mkdtempSync, rmSync } = require('node:fs');
const { tmpdir } = require('node:os');
const { join } = require('node:path');

const SEED = Number(process.env.VOXHOST_TEST_SEED ?? 1);
const home = mkdtempSync(join(tmpdir(), 'voxhost-tests-'));
for (const place of ['CONFIG', 'STATE', 'CACHE', 'DATA']) {
  process.env[`XDG_${place}_HOME`] = join(home, place.toLowerCase());
}

exports.mochaHooks = {
  beforeAll: async () => (await import('fast-check')).configureGlobal({ seed: SEED }),
  afterAll: () => rmSync(home, { recursive: true, force: true }),
};
