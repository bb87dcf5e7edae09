// Every test run has a home of its own: no test reads or writes what this user configured.
const { mkdtempSync, rmSync } = require('node:fs');
const { tmpdir } = require('node:os');
const { join } = require('node:path');

const home = mkdtempSync(join(tmpdir(), 'voxhost-tests-'));
for (const place of ['CONFIG', 'STATE', 'CACHE', 'DATA']) {
  process.env[`XDG_${place}_HOME`] = join(home, place.toLowerCase());
}
exports.mochaHooks = { afterAll: () => rmSync(home, { recursive: true, force: true }) };
