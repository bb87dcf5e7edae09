import assert from 'node:assert/strict';
import { bannerVersion, libcFromReport, readLibc } from '#host/compatibility/read-libc.js';
import { skipBecause } from '../support/skip-because.js';

describe('the C library of this process', () => {
  it('is the one that the process report names', function () {
    if (process.platform !== 'linux') skipBecause(this, 'only Linux has several C libraries');
    assert.deepEqual(readLibc(), libcFromReport());
  });

  it('is read from its banner, and from no other text', () => {
    const banner = (text: string) => bannerVersion(Buffer.from(`\u007fELF\0${text}\0more`));
    assert.deepEqual(banner('GNU C Library (Debian GLIBC 2.36-9) stable release version 2.36.\n'), {
      kind: 'glibc',
      version: '2.36',
    });
    assert.deepEqual(banner('GNU C Library (GNU libc) development release version 2.38.9000.'), {
      kind: 'glibc',
      version: '2.38.9000',
    });
    assert.equal(banner('musl libc (x86_64)\nVersion 1.2.3'), undefined);
    assert.equal(banner('GNU C Library\n version 2.36'), undefined);
  });
});
