import assert from 'node:assert/strict';
import { placesOf } from '#host/discovery/platform-places.js';
import { mergeSettings } from '#host/discovery/plugin-settings.js';
import { type SearchEnvironment, searchLayers } from '#host/discovery/search-layers.js';
import { environmentOf } from '../support/environment.js';
import { settingsSource } from '../support/settings-source.js';

const layersOf = (environment: SearchEnvironment) =>
  searchLayers(environment).map(({ layer, path }) => `${layer} ${path}`);

describe('search layers', () => {
  it('on Linux', () => {
    const environment = environmentOf({
      env: {},
      home: '/home/me',
      hostPackage: '/src/voxhost/host',
      lock: '/home/me/project/voxhost.lock',
    });
    assert.deepEqual(layersOf(environment), [
      '3 /home/me/project',
      '4 /home/me/.local/share/voxhost/plugins',
      '5 /src/voxhost',
      '6 /etc/voxhost/plugins',
      '6 /usr/local/share/voxhost/plugins',
      '6 /usr/share/voxhost/plugins',
      '7 /src/voxhost/manifests',
    ]);
  });

  it('on Linux with XDG variables, of which only absolute ones count', () => {
    const env = { XDG_DATA_HOME: '/data', XDG_DATA_DIRS: '/a::b:/c', XDG_CACHE_HOME: 'relative' };
    assert.deepEqual(layersOf(environmentOf({ env, home: '/home/me' })), [
      '4 /data/voxhost/plugins',
      '6 /etc/voxhost/plugins',
      '6 /a/voxhost/plugins',
      '6 /c/voxhost/plugins',
    ]);
    const { cache } = placesOf({ platform: 'linux', env, home: '/home/me' });
    assert.equal(cache, '/home/me/.cache/voxhost');
  });

  it('on macOS', () => {
    const environment = environmentOf({ platform: 'darwin', env: {}, home: '/Users/me' });
    assert.deepEqual(layersOf(environment), [
      '4 /Users/me/Library/Application Support/voxhost/plugins',
      '6 /Library/Application Support/voxhost/plugins',
    ]);
  });

  it('on Windows', () => {
    const environment = environmentOf({
      platform: 'win32',
      env: { LOCALAPPDATA: 'C:\\Users\\me\\AppData\\Local', PROGRAMDATA: 'D:\\Data' },
      home: 'C:\\Users\\me',
      hostPackage: 'C:\\src\\voxhost\\host',
      assets: '/voxhost-assets',
    });
    assert.deepEqual(layersOf(environment), [
      '4 C:\\Users\\me\\AppData\\Local\\voxhost\\plugins',
      '5 C:\\src\\voxhost',
      '6 D:\\Data\\voxhost\\plugins',
      '7 C:\\src\\voxhost\\manifests',
      '7 /voxhost-assets',
    ]);
  });

  it('never has strangers beside an installed package for bundled plugins', () => {
    const environment = environmentOf({ hostPackage: '/home/me/project/node_modules/voxhost' });
    assert.ok(!layersOf(environment).some((layer) => layer.startsWith('7')));
  });

  it('an elevated process hears neither environment nor user', () => {
    const settings = mergeSettings(
      [settingsSource('environment', { add: '/env' }), settingsSource('flag', { add: ['/flag'] })],
      'linux',
    );
    const elevated = environmentOf({ elevated: true, settings });
    assert.deepEqual(layersOf(elevated), [
      '1 /flag',
      '6 /etc/voxhost/plugins',
      '6 /nowhere/share/voxhost/plugins',
    ]);
  });

  it('only is exclusive, add comes before the usual places', () => {
    const add = mergeSettings(
      [
        settingsSource('environment', { add: '/env/a:/env/b' }),
        settingsSource('flag', { add: ['/flag'] }),
      ],
      'linux',
    );
    assert.deepEqual(layersOf(environmentOf({ settings: add })).slice(0, 4), [
      '1 /flag',
      '2 /env/a',
      '2 /env/b',
      '4 /nowhere/home/.local/share/voxhost/plugins',
    ]);
    const only = mergeSettings(
      [settingsSource('environment', { only: '/env/x.plugin.json' })],
      'linux',
    );
    assert.deepEqual(layersOf(environmentOf({ settings: only, hostPackage: '/src/host' })), [
      '2 /env/x.plugin.json',
    ]);
  });
});
