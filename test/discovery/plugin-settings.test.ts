import assert from 'node:assert/strict';
import { matchesId, parseIdPattern } from '#host/compatibility/id-pattern.js';
import { explainSettings, mergeSettings } from '#host/discovery/plugin-settings.js';
import { settingsSource } from '../support/settings-source.js';

describe('plugin settings', () => {
  it('have one grammar, and the later origin wins', () => {
    const settings = mergeSettings(
      [
        settingsSource('environment', { select: 'org.a*, org.b', disable: '*cuda*' }),
        settingsSource('configuration', { select: ['org.c'], add: 'beside:/abs' }, '/etc/conf'),
        settingsSource('flag', { select: 'org.d' }),
        settingsSource('api', { add: ['/api'] }),
      ],
      'linux',
    );
    assert.deepEqual(explainSettings(settings), [
      { name: 'add', value: ['/api'], origin: 'api.add', overridden: [] },
      {
        name: 'add',
        value: ['/etc/conf/beside', '/abs'],
        origin: 'configuration.add',
        overridden: [],
      },
      {
        name: 'select',
        value: ['org.d'],
        origin: 'flag.select',
        overridden: [
          { value: 'org.c', origin: 'configuration.select' },
          { value: 'org.a*, org.b', origin: 'environment.select' },
        ],
      },
      { name: 'disable', value: ['*cuda*'], origin: 'environment.disable', overridden: [] },
    ]);
    assert.deepEqual(settings.notes, []);
  });

  it('ignore, with a note, what is no absolute path in the environment', () => {
    const { add, notes } = mergeSettings(
      [settingsSource('environment', { add: ':/one::relative:~/home:"/quoted":/two;/three:' })],
      'linux',
    );
    assert.deepEqual(
      add.map(({ path }) => path),
      ['/one', '/two;/three'],
    );
    assert.deepEqual(
      notes.map((note) => /"(.*)", which/.exec(note)?.[1]),
      ['relative', '~/home', '"/quoted"'],
    );
  });

  it('take Windows paths with their drive, separated by semicolons', () => {
    const { add, notes } = mergeSettings(
      [settingsSource('environment', { add: 'C:\\a;D:/b;\\\\server\\share;;rel\\x;C:relative' })],
      'win32',
    );
    assert.deepEqual(
      add.map(({ path }) => path),
      ['C:\\a', 'D:/b', '\\\\server\\share'],
    );
    assert.equal(notes.length, 2);
  });

  it('note what is no pattern', () => {
    const { select, notes } = mergeSettings(
      [settingsSource('flag', { select: 'a*b, ,ok' })],
      'linux',
    );
    assert.deepEqual(
      select?.value.map(({ text }) => text),
      ['ok'],
    );
    assert.match(notes[0] ?? '', /flag.select has "a\*b", which is no pattern/);
  });

  const patterns: readonly (readonly [pattern: string, matches: string, not: string])[] = [
    ['org.example.cuda', 'org.example.cuda', 'org.example.cuda2'],
    ['ORG.Example.CUDA', 'org.example.cuda', 'org.example'],
    ['org.example.*', 'org.example.cuda', 'org.other.cuda'],
    ['*cuda', 'org.example.cuda', 'org.cuda.example'],
    ['*cuda*', 'org.cuda.example', 'org.example.cpu'],
    ['**cuda**', 'org.cuda.example', 'org.example.cpu'],
    ['o*', 'org.example.cpu', 'net.example.cpu'],
    ['*', 'anything.at.all', ''],
    ['**', 'anything.at.all', ''],
  ];
  for (const [text, matching, other] of patterns)
    it(`${text} matches ${matching}`, () => {
      const pattern = parseIdPattern(text);
      assert.ok(pattern !== undefined);
      assert.equal(matchesId(pattern, matching), true);
      if (other !== '') assert.equal(matchesId(pattern, other), false);
    });
});
