import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import type { Manifest } from '@voxhost/sdk';
import { CAPABILITIES } from '#cuda/capabilities.js';
import { koffiPath, loadKoffi } from '#cuda/koffi.js';
import { oldestDriver } from '#cuda/oldest-driver.js';
import plugin from '#cuda/plugin.js';
import { parsePtx } from '#cuda/ptx.js';
import { packPlugin } from '#host/packing/pack-plugin.js';
import { compiledPtx, koffiModule } from '../../support/fake-driver.js';
import { skipBecause } from '../../support/skip-because.js';
import { temporaryFolder } from '../../support/temporary-folder.js';

const MANIFEST = new URL('../../../../manifests/org.voxhost.cuda.plugin.json', import.meta.url);

describe('the manifest of the cuda plugin', () => {
  const manifest: Manifest = JSON.parse(readFileSync(MANIFEST, 'utf8'));

  it('claims what the backend claims', () => {
    assert.deepEqual(manifest.capabilities, CAPABILITIES);
  });

  it('has the identity of the plugin', () => {
    const { id, version, abi } = manifest;
    assert.deepEqual({ id, version }, { id: plugin.id, version: plugin.version });
    assert.deepEqual({ min: abi.min, max: abi.max }, plugin.abi);
  });

  for (const platform of ['linux', 'win32']) {
    it(`has what its target for ${platform} names among its files, once koffi is there for it`, async () => {
      using folder = temporaryFolder();
      const native = koffiPath(platform, 'x64');
      const built = ['bundle/plugin.js', 'bundle/probe.js', 'bundle/kernels.ptx', native];
      for (const path of built) folder.write(`built/${path}`, path);
      const text = JSON.stringify({ ...manifest, root: '.' });
      const { files } = await packPlugin(folder.write('built/org.voxhost.cuda.plugin.json', text));
      const paths = files.map(({ path }) => path);
      assert.deepEqual([...paths].sort(), [...built, 'org.voxhost.cuda.plugin.json'].sort());
      const target = manifest.targets.find(({ os }) => os === platform);
      const { entry, probe, requires } = target ?? assert.fail();
      const bundled = requires?.libraries?.map(({ soname }) => `bundle/${soname}`) ?? [];
      for (const named of [entry.path, probe?.path, ...bundled])
        assert.ok(paths.includes(named ?? ''));
      assert.ok(bundled.includes(native) && bundled.includes('bundle/kernels.ptx'));
    });
  }

  it('loads koffi from a folder whose name an address would write otherwise', async function () {
    const from = koffiModule();
    if (from === undefined) skipBecause(this, 'koffi has no module for this platform');
    using folder = temporaryFolder();
    const name = koffiPath(process.platform, process.arch);
    folder.write(`a folder é #1/${name}`, readFileSync(from));
    const root = pathToFileURL(`${folder.path}/a folder é #1/`);
    const koffi = await loadKoffi({ module: async (path) => new URL(path, root) });
    assert.equal(typeof koffi.load, 'function');
  });

  it('asks for the oldest driver that loads the version of PTX that ptxas took the kernels as', function () {
    const ptx = compiledPtx();
    if (ptx === undefined) skipBecause(this, 'nvcc is not here');
    const oldest = oldestDriver(parsePtx(ptx).version);
    const asked = manifest.targets.map(({ os, requires }) => [os, requires?.drivers?.[0]?.min]);
    assert.deepEqual(asked, [
      ['linux', oldest?.linux],
      ['win32', oldest?.windows],
    ]);
  });
});
