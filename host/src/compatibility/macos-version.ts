/** Darwin's first version whose macOS counts in whole numbers: macOS 11 is Darwin 20. */
const BIG_SUR = 20;
/** Darwin 25 is macOS 26: from then on Apple counts in years. */
const TAHOE = 25;

/**
 * The release of macOS that a Darwin version belongs to, `10.15` or `14`; undefined for no version. Its minor number is
 * left open: macOS 13.5 to 13.7 are all Darwin 22.6.
 */
export function macosOfDarwin(version: string): string | undefined {
  const found = /^(\d+)\./.exec(version);
  if (found === null) return undefined;
  const major = Number(found[1]);
  if (major < BIG_SUR) return `10.${major - 4}`;
  return `${major < TAHOE ? major - 9 : major + 1}`;
}

/** The release that a version of macOS belongs to: `10.15` of 10.15.7, `14` of 14.2. */
export const macosRelease = (version: string): string =>
  /^10\.\d+|^\d+/.exec(version)?.[0] ?? version;
