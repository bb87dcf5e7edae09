// What every test run has of its own. A home: no test reads or writes what this user configured. A seed: the same
// properties are tried at every run, and VOXHOST_TEST_SEED tries others.
const { mkdtempSync, rmSync } = require('node:fs');
const { tmpdir } = require('node:os');
const { join } = require('node:path');

// Of .mocharc.json, for runs that do not read it: mocha's own default is too short on a busy machine.
const { timeout } = require('../.mocharc.json');
const MOCHA_DEFAULT_MS = 2000;

const SEED = Number(process.env.VOXHOST_TEST_SEED ?? 1);
const home = mkdtempSync(join(tmpdir(), 'voxhost-tests-'));
for (const place of ['CONFIG', 'STATE', 'CACHE', 'DATA']) {
  process.env[`XDG_${place}_HOME`] = join(home, place.toLowerCase());
}

exports.mochaHooks = {
  beforeAll: async () => (await import('fast-check')).configureGlobal({ seed: SEED }),
  beforeEach() {
    const { currentTest } = this;
    if (currentTest.timeout() === MOCHA_DEFAULT_MS) currentTest.timeout(timeout);
  },
  afterAll: () => rmSync(home, { recursive: true, force: true }),
};
