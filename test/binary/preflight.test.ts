import assert from 'node:assert/strict';
import type { BinaryRead } from '#host/binary/binary-facts.js';
import { memorySource } from '#host/binary/byte-view.js';
import { parseLinkerCache } from '#host/binary/linker-cache.js';
import { parseBinary } from '#host/binary/parse-binary.js';
import { preflight } from '#host/binary/preflight.js';
import type { MachineFacts } from '#host/compatibility/machine-facts.js';
import { type BinaryParts, buildElf, buildMachO, buildPe } from '../support/binary-builder.js';
import { machineOf } from '../support/machine.js';

const loader = {
  kind: 'elf',
  libraryPath: ['/ld/path'],
  cache: new Map([['libc.so.6', ['/lib32/libc.so.6', '/lib/libc.so.6']]]),
  folders: ['/usr/lib'],
} as const;

type Files = Readonly<Record<string, Uint8Array>>;

function looked(start: string, files: Files, machine: Partial<MachineFacts> = {}) {
  const read = (path: string): BinaryRead | undefined => {
    const bytes = files[path];
    return bytes === undefined ? undefined : parseBinary(memorySource(bytes));
  };
  const facts = read(start);
  assert.ok(facts?.ok);
  const [slice] = facts.slices;
  assert.ok(slice !== undefined);
  return preflight({ path: start, facts: slice }, machineOf({ loader, ...machine }), read);
}

const libc = buildElf({ soname: 'libc.so.6', versions: ['GLIBC_2.2.5', 'GLIBC_2.34'] });
const needs = (...names: readonly string[]): BinaryParts => ({
  needed: names.map((name) => ({ name })),
});

describe('preflight', () => {
  it('searches as ld.so does: library path, RUNPATH, cache, default folders', () => {
    const files = {
      '/p/a.node': buildElf({ ...needs('libx.so'), runpath: ['$ORIGIN/sub/../lib'] }),
    };
    assert.deepEqual(looked('/p/a.node', files).missing, [
      {
        name: 'libx.so',
        neededBy: '/p/a.node',
        searched: ['/ld/path/libx.so', '/p/lib/libx.so', '/usr/lib/libx.so'],
      },
    ]);
    for (const path of ['/ld/path/libx.so', '/p/lib/libx.so', '/usr/lib/libx.so'])
      assert.deepEqual(looked('/p/a.node', { ...files, [path]: buildElf({}) }).missing, []);
  });

  it('passes over libraries of another cpu', () => {
    const files = {
      '/p/a.node': buildElf(needs('libc.so.6')),
      '/lib32/libc.so.6': buildElf({ cpu: 'ia32' }),
    };
    assert.equal(looked('/p/a.node', files).missing.length, 1);
    assert.deepEqual(looked('/p/a.node', { ...files, '/lib/libc.so.6': libc }).missing, []);
  });

  it('follows what is needed by what is needed, in circles too', () => {
    const files = {
      '/p/a.node': buildElf({ ...needs('liba.so'), runpath: ['$ORIGIN'] }),
      '/p/liba.so': buildElf({ ...needs('libb.so'), runpath: ['$ORIGIN'] }),
      '/p/libb.so': buildElf({ ...needs('liba.so', 'libgone.so'), runpath: ['$ORIGIN'] }),
    };
    const { missing } = looked('/p/a.node', files);
    assert.deepEqual(
      missing.map(({ name, neededBy }) => [name, neededBy]),
      [['libgone.so', '/p/libb.so']],
    );
  });

  it('compares symbol versions with those that the library defines', () => {
    const files = {
      '/p/a.node': buildElf({
        needed: [{ name: 'libc.so.6', versions: ['GLIBC_2.34', 'GLIBC_2.99'] }],
      }),
      '/lib/libc.so.6': libc,
    };
    assert.deepEqual(looked('/p/a.node', files).versions, [
      {
        version: 'GLIBC_2.99',
        library: 'libc.so.6',
        found: '/lib/libc.so.6',
        neededBy: '/p/a.node',
      },
    ]);
  });

  it('of a machine that is not this one knows glibc, and says what it cannot know', () => {
    const files = {
      '/p/a.node': buildElf({
        needed: [{ name: 'libc.so.6', versions: ['GLIBC_2.9', 'GLIBC_2.34'] }, { name: 'libx.so' }],
      }),
    };
    const { loader: _, ...unseen } = machineOf({ libc: { kind: 'glibc', version: '2.31' } });
    const read = parseBinary(memorySource(files['/p/a.node']));
    assert.ok(read.ok && read.slices[0] !== undefined);
    const found = preflight({ path: '/p/a.node', facts: read.slices[0] }, unseen, () => undefined);
    assert.deepEqual(
      found.versions.map(({ version, found: own }) => [version, own]),
      [['GLIBC_2.34', 'glibc 2.31']],
    );
    assert.deepEqual(found.unknown, ['libc.so.6', 'libx.so']);
    assert.deepEqual(found.missing, []);
  });

  it('of PE searches beside the file, then the system’s folders, never PATH', () => {
    const machine = {
      os: 'win32',
      loader: { kind: 'pe', folders: ['C:\\Windows\\System32'] },
    } as const;
    const start = 'C:\\p\\a.node';
    const files: Files = {
      [start]: buildPe(needs('KERNEL32.dll', 'Own.dll', 'api-ms-win-core-1.dll', 'node.exe')),
      'C:\\Windows\\System32\\KERNEL32.dll': buildPe({}),
    };
    assert.deepEqual(looked(start, files, machine).missing, [
      {
        name: 'Own.dll',
        neededBy: start,
        searched: ['C:\\p\\Own.dll', 'C:\\p\\own.dll', 'C:\\Windows\\System32\\Own.dll'],
      },
    ]);
    const beside = { ...files, 'C:\\p\\own.dll': buildPe({}) };
    assert.deepEqual(looked(start, beside, machine).missing, []);
  });

  it('of PE from another system knows what every Windows has', () => {
    const files = {
      '/p/a.node': buildPe(needs('KERNEL32.dll', 'ucrtbase.dll', 'cudart64_12.dll')),
    };
    const { unknown, missing } = looked('/p/a.node', files, { os: 'win32' });
    assert.deepEqual([unknown, missing], [['cudart64_12.dll'], []]);
  });

  it('of Mach-O follows @rpath and @loader_path, and trusts the system’s cache', () => {
    const machine = { os: 'darwin', cpu: 'arm64', loader: { kind: 'mach-o' } } as const;
    const parts = {
      ...needs('@rpath/libx.dylib', '/usr/lib/libSystem.B.dylib', '@loader_path/liby.dylib'),
      runpath: ['@loader_path/lib'],
    };
    const files: Files = { '/p/a.node': buildMachO(parts), '/p/liby.dylib': buildMachO({}) };
    assert.deepEqual(looked('/p/a.node', files, machine).missing, [
      { name: '@rpath/libx.dylib', neededBy: '/p/a.node', searched: ['/p/lib/libx.dylib'] },
    ]);
    const whole = { ...files, '/p/lib/libx.dylib': buildMachO({}) };
    assert.deepEqual(looked('/p/a.node', whole, machine).missing, []);
  });
});

describe('linker cache', () => {
  it('gives paths by name, and nothing where it is damaged', () => {
    const strings = 'libc.so.6\0/lib/libc.so.6\0';
    const bytes = Buffer.alloc(48 + 24 + strings.length);
    bytes.write('glibc-ld.so.cache1.1');
    bytes.writeUInt32LE(1, 20);
    bytes.writeUInt32LE(72, 48 + 4);
    bytes.writeUInt32LE(82, 48 + 8);
    bytes.write(strings, 72, 'latin1');
    assert.deepEqual(
      [...parseLinkerCache(memorySource(bytes))],
      [['libc.so.6', ['/lib/libc.so.6']]],
    );
    bytes.writeUInt32LE(1000, 20);
    assert.equal(parseLinkerCache(memorySource(bytes)).size, 0);
    assert.equal(parseLinkerCache(memorySource(Buffer.from('other'))).size, 0);
  });
});
