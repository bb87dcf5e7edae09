import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import type { BinaryFacts } from '#host/binary/binary-facts.js';
import { memorySource } from '#host/binary/byte-view.js';
import { parseBinary } from '#host/binary/parse-binary.js';
import { buildElf, buildFat, buildMachO, buildPe } from '../support/binary-builder.js';
import { skipBecause } from '../support/skip-because.js';
import { temporaryFolder } from '../support/temporary-folder.js';

function slicesOf(bytes: Uint8Array): readonly BinaryFacts[] {
  const read = parseBinary(memorySource(bytes));
  assert.ok(read.ok, read.ok ? '' : read.reason);
  return read.slices;
}

function reasonOf(bytes: Uint8Array): string {
  const read = parseBinary(memorySource(bytes));
  assert.ok(!read.ok);
  return read.reason;
}

const elf = buildElf({
  needed: [
    { name: 'libm.so.6', versions: ['GLIBC_2.2.5', 'GLIBC_2.29'] },
    { name: 'libx.so' },
    { name: 'libc.so.6', versions: ['GLIBC_2.34'] },
  ],
  soname: 'libself.so.1',
  runpath: ['$ORIGIN', '/opt/lib'],
  versions: ['SELF_1', 'SELF_2'],
  exports: ['napi_register_module_v1', 'other'],
  imports: ['napi_create_function'],
});

describe('binaries', () => {
  it('of ELF', () => {
    assert.deepEqual(slicesOf(elf), [
      {
        format: 'elf',
        cpu: 'x64',
        kind: 'library',
        soname: 'libself.so.1',
        needed: [
          { name: 'libm.so.6', versions: ['GLIBC_2.2.5', 'GLIBC_2.29'], optional: false },
          { name: 'libx.so', versions: [], optional: false },
          { name: 'libc.so.6', versions: ['GLIBC_2.34'], optional: false },
        ],
        runpath: ['$ORIGIN', '/opt/lib'],
        rpath: [],
        versions: ['SELF_1', 'SELF_2'],
        exports: ['napi_register_module_v1', 'other'],
        imports: ['napi_create_function'],
      },
    ]);
  });

  it('of PE', () => {
    const [facts] = slicesOf(
      buildPe({
        cpu: 'arm64',
        needed: [{ name: 'KERNEL32.dll' }, { name: 'x.dll' }],
        exports: ['a', 'b'],
      }),
    );
    assert.deepEqual(
      [
        facts?.format,
        facts?.cpu,
        facts?.kind,
        facts?.needed.map(({ name }) => name),
        facts?.exports,
      ],
      ['pe', 'arm64', 'library', ['KERNEL32.dll', 'x.dll'], ['a', 'b']],
    );
  });

  it('of Mach-O, fat too', () => {
    const arm = buildMachO({
      needed: [{ name: '@rpath/libx.dylib' }, { name: '/usr/lib/libSystem.B.dylib' }],
      soname: '@rpath/self.dylib',
      runpath: ['@loader_path'],
      exports: ['napi_register_module_v1'],
      imports: ['malloc'],
    });
    const both = slicesOf(buildFat(buildMachO({ cpu: 'x64' }), arm));
    assert.deepEqual(
      both.map(({ cpu }) => cpu),
      ['x64', 'arm64'],
    );
    assert.deepEqual(slicesOf(arm), [both[1]]);
    assert.deepEqual(both[1], {
      format: 'mach-o',
      cpu: 'arm64',
      kind: 'library',
      soname: '@rpath/self.dylib',
      needed: [
        { name: '@rpath/libx.dylib', versions: [], optional: false },
        { name: '/usr/lib/libSystem.B.dylib', versions: [], optional: false },
      ],
      runpath: ['@loader_path'],
      rpath: [],
      versions: [],
      exports: ['napi_register_module_v1'],
      imports: ['malloc'],
    });
  });

  it('of this machine’s compiler, as its own tools read them', function () {
    using folder = temporaryFolder();
    const source = folder.write('a.c', '#include <math.h>\ndouble f(double x){return exp(x);}');
    const library = `${folder.path}/liba.so`;
    const flags = ['-shared', '-fPIC', '-Wl,-soname,liba.so.7', '-Wl,-rpath,$ORIGIN/sub'];
    const built = spawnSync('cc', [...flags, '-o', library, source, '-lm']);
    if (built.status !== 0) return skipBecause(this, 'there is no C compiler here');
    const [facts] = slicesOf(readFileSync(library));
    assert.equal(facts?.soname, 'liba.so.7');
    assert.deepEqual(facts?.runpath, ['$ORIGIN/sub']);
    assert.ok(facts?.exports.includes('f'));
    assert.ok(facts?.imports.includes('exp'));
    const maths = facts?.needed.find(({ name }) => name === 'libm.so.6');
    assert.match(maths?.versions.join() ?? '', /GLIBC_2\.\d+/);
  });

  it('of this very process', () => {
    const read = parseBinary(memorySource(readFileSync(process.execPath)), false);
    assert.ok(read.ok);
    assert.ok(read.slices.some(({ cpu }) => cpu === process.arch));
  });

  describe('are refused', () => {
    const cut = (bytes: Uint8Array, size: number) => bytes.subarray(0, size);
    const patched = (bytes: Uint8Array, at: number, ...values: readonly number[]) => {
      const copy = Uint8Array.from(bytes);
      copy.set(values, at);
      return copy;
    };
    const zeroTail = Uint8Array.from(elf).fill(0, elf.length - 100);
    const refused: readonly (readonly [string, Uint8Array, RegExp])[] = [
      ['empty', new Uint8Array(), /is empty/],
      ['text', Buffer.from('not a binary'), /starts with 6e6f7420/],
      ['HTML', Buffer.from('<!DOCTYPE html>'), /HTML/],
      ['two bytes of magic', Buffer.from('MZ'), /beyond the end/],
      ['ELF of four bytes', cut(elf, 4), /neither 32 nor 64/],
      ['ELF cut in its header', cut(elf, 40), /beyond the end/],
      ['ELF cut in a segment', cut(elf, elf.length - 200), /truncated/],
      ['ELF with a zeroed tail', zeroTail, /damaged table of sections/],
      ['ELF with 65535 program headers', patched(elf, 56, 255, 255), /beyond the end|truncated/],
      ['ELF with headers of no size', patched(elf, 54, 0, 0), /too short/],
      ['PE without a header', patched(buildPe({}), 0x3c, 255, 255, 255, 127), /beyond the end/],
      ['PE cut', cut(buildPe({}), 800), /truncated/],
      [
        'Mach-O with endless commands',
        patched(buildMachO({}), 16, 255, 255, 0, 0),
        /beyond|length/,
      ],
      ['Mach-O with an empty command', patched(buildMachO({}), 36, 0, 0, 0, 0), /without a length/],
      ['a Java class', Buffer.from('cafebabe0000003d', 'hex'), /beyond the end/],
    ];
    for (const [name, bytes, reason] of refused)
      it(name, () => assert.match(reasonOf(bytes), reason));

    it('ELF whose chain of versions leads to itself, in finite time', () => {
      const at = Buffer.from(elf).indexOf(Buffer.from([1, 0, 2, 0]));
      const circular = patched(elf, at + 2, 255, 255, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0);
      assert.equal(typeof parseBinary(memorySource(circular)).ok, 'boolean');
    });
  });
});
