import { readFileSync } from 'node:fs';
import type { MachineFacts } from './machine-facts.js';

type Libc = NonNullable<MachineFacts['libc']>;

/** The C library that this process runs on, on Linux. */
export const readLibc = (): Libc => libcFromItself() ?? libcFromReport();

/**
 * The mapped libc.so.6 says which it is in its banner. Takes 2 ms, the process's report 8; undefined where it is
 * linked in or its banner is another, and then the report is asked.
 */
function libcFromItself(): Libc | undefined {
  try {
    const maps = readFileSync('/proc/self/maps', 'latin1');
    const path = / (\/\S*\/libc(?:\.so\.6|-\d[\d.]*\.so))$/m.exec(maps)?.[1];
    return path === undefined ? undefined : bannerVersion(readFileSync(path));
  } catch {
    return undefined;
  }
}

/** glibc's version in the text that `libc.so.6` prints when it is run. Pure. */
export function bannerVersion(library: Buffer): Libc | undefined {
  const at = library.indexOf('GNU C Library');
  if (at === -1) return undefined;
  const version = /^[^\0\n]* version (\d+(?:\.\d+)+)/.exec(
    library.toString('latin1', at, at + 200),
  );
  return version?.[1] === undefined ? undefined : { kind: 'glibc', version: version[1] };
}

/** The report names glibc's version where this process runs on it; absent on Linux means musl. */
export function libcFromReport(): Libc {
  const report = process.report as NodeJS.ProcessReport & { excludeNetwork?: boolean };
  report.excludeNetwork = true; // without it the report may wait for name servers
  const { header } = report.getReport() as unknown as {
    header: { glibcVersionRuntime?: string };
  };
  const version = header.glibcVersionRuntime;
  return version === undefined ? { kind: 'musl' } : { kind: 'glibc', version };
}
