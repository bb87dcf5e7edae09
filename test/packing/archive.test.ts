import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { ArchiveFault, readArchive } from '#host/packing/read-archive.js';
import type { PluginFile } from '#host/packing/seal.js';
import { writeArchive } from '#host/packing/write-archive.js';
import { scratchFolder } from '../support/scratch.js';

const BLOCK = 512;

const file = (path: string, text = 'x'): PluginFile => ({
  path,
  bytes: new TextEncoder().encode(text),
});

/** An archive of one file whose header was changed, its checksum made right again. */
function tampered(change: (header: Buffer) => void, name = 'a.js'): Uint8Array {
  const tar = Buffer.from(gunzipSync(writeArchive([file(name)])));
  const header = tar.subarray(0, BLOCK);
  change(header);
  header.write('        ', 148, 'latin1');
  const sum = header.reduce((total, byte) => total + byte, 0);
  header.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148, 'latin1');
  return gzipSync(tar);
}

const named = (path: string): Uint8Array =>
  tampered((header) => {
    header.fill(0, 0, 100);
    header.write(path, 0);
  });

const typed = (type: string): Uint8Array =>
  tampered((header) => {
    header.write(type, 156);
  });

const HOSTILE: readonly (readonly [string, Uint8Array, RegExp])[] = [
  ['a path that leaves its folder', named('package/../../x.js'), /leaves its folder/],
  ['a path of dots only', named('..'), /leaves its folder/],
  ['an absolute path', named('/etc/passwd'), /absolute/],
  ['a path on a drive', named('C:/x.js'), /absolute/],
  ['a path of another server', named('\\\\server\\share'), /absolute/],
  ['a backslash', named('package/a\\b'), /character/],
  ['a stream of another file', named('package/a.node:evil'), /character/],
  ['a line break', named('package/a\nb'), /character/],
  ['a trailing dot', named('package/a.js.'), /dot or blank/],
  ['a device of Windows', named('package/con.js'), /device/],
  ['a symbolic link', typed('2'), /neither a file nor a folder/],
  ['a hard link', typed('1'), /neither a file nor a folder/],
  ['a character device', typed('3'), /neither a file nor a folder/],
  ['a FIFO', typed('6'), /neither a file nor a folder/],
  ['an unknown type', typed('S'), /neither a file nor a folder/],
  ['the same path twice', writeArchive([file('a.js'), file('a.js')]), /twice/],
  ['paths that differ by case', writeArchive([file('a.js'), file('A.js')]), /twice/],
  [
    'a size beyond the end',
    tampered((header) => {
      header.write('00000010000', 124);
    }),
    /truncated/,
  ],
  [
    'a size that is no number',
    tampered((header) => {
      header.write('9zz', 124);
    }),
    /not octal/,
  ],
  ['a damaged header', gzipSync(Buffer.alloc(BLOCK, 7)), /octal|damaged/],
  [
    'half an archive',
    gzipSync(gunzipSync(writeArchive([file('a.js')])).subarray(0, BLOCK)),
    /truncated/,
  ],
  ['no end mark', gzipSync(gunzipSync(writeArchive([file('a.js')])).subarray(0, 1024)), /end mark/],
  ['no gzip', new TextEncoder().encode('<html>404</html>'), /no whole gzip/],
  ['gzip cut short', writeArchive([file('a.js')]).subarray(0, 60), /no whole gzip/],
  ['nothing', new Uint8Array(), /no whole gzip/],
];

describe('an archive of a plugin', () => {
  it('comes back as it was written', () => {
    const anyName = fc
      .stringMatching(/^[a-z0-9_-]{1,40}$/)
      .filter((n) => !/^(con|prn|aux|nul|com\d|lpt\d)$/.test(n));
    const anyPath = fc
      .array(anyName, { minLength: 1, maxLength: 5 })
      .map((parts) => parts.join('/'));
    const anyFiles = fc.uniqueArray(
      fc.record({ path: anyPath, bytes: fc.uint8Array({ maxLength: 2000 }) }),
      { selector: ({ path }) => path, minLength: 1, maxLength: 8 },
    );
    fc.assert(
      fc.property(anyFiles, (files) => {
        const back = readArchive(writeArchive(files));
        assert.deepEqual(
          back.map(({ path, bytes }) => [path, [...bytes]]),
          files.map(({ path, bytes }) => [path, [...bytes]]),
        );
      }),
      { numRuns: 100 },
    );
  });

  for (const [what, bytes, says] of HOSTILE) {
    it(`with ${what} is refused whole`, () => {
      assert.throws(
        () => readArchive(bytes),
        (error: Error) => error instanceof ArchiveFault && says.test(error.message),
      );
    });
  }

  it('that unpacks to more than allowed is refused before it is unpacked', () => {
    const bomb = gzipSync(Buffer.alloc(10_000_000), { level: 9 });
    assert.ok(bomb.length < 20_000);
    assert.throws(
      () => readArchive(bomb, { bytes: 1_000_000, files: 10 }),
      /more than 1000000 bytes/,
    );
    const many = writeArchive(Array.from({ length: 11 }, (_, i) => file(`${i}`)));
    assert.throws(() => readArchive(many, { bytes: 1_000_000, files: 10 }), /more than 10 files/);
  });

  it('any bytes are an archive or a fault, never another error', () => {
    const good = gunzipSync(writeArchive([file('a.js', 'abc'), file('b/c.wasm', 'defg')]));
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.nat(good.length - 1), fc.nat(255)), { minLength: 1, maxLength: 6 }),
        (edits) => {
          const bytes = Uint8Array.from(good);
          for (const [at, value] of edits) bytes[at] = value;
          try {
            readArchive(gzipSync(bytes, { level: 1 }));
          } catch (error) {
            assert.ok(error instanceof ArchiveFault, String(error));
          }
        },
      ),
      { numRuns: 2000 },
    );
  });

  it('of the tar of this system, with long paths, is read too', async function () {
    if (process.platform === 'win32') this.skip();
    await using folder = await scratchFolder();
    const long = `${'long-folder-name/'.repeat(9)}file-with-a-long-name-${'x'.repeat(110)}.js`;
    await mkdir(join(folder.path, 'package', long, '..'), { recursive: true });
    await writeFile(join(folder.path, 'package', long), 'here');
    const argv = ['-C', folder.path, '--format=pax', '-czf', '-', 'package'];
    const files = readArchive(execFileSync('tar', argv));
    assert.deepEqual(
      files.map(({ path }) => path),
      [long],
    );
    assert.equal(Buffer.from(files[0].bytes).toString(), 'here');
  });

  it('is a tar that this system reads', async function () {
    if (process.platform === 'win32') this.skip();
    await using folder = await scratchFolder();
    const path = join(folder.path, 'a.tgz');
    await writeFile(path, writeArchive([file('a.js'), file('b/c.js', 'text')]));
    const listed = execFileSync('tar', ['-tzf', path], { encoding: 'utf8' });
    assert.equal(listed, 'package/a.js\npackage/b/c.js\n');
  });
});
