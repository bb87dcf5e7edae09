import { spawnSync } from 'node:child_process';
import { chmodSync, chownSync, mkdirSync, symlinkSync, truncateSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { MANIFEST_BYTES } from '#host/compatibility/manifest-shape.js';
import { manifestOf } from '../support/manifest-builder.js';
import { BAD, type FileFault, type Zoo } from './zoo.js';

/** Where the bad plugin's manifest would be; its folder is made. */
export function placeOf(zoo: Zoo): string {
  const folder = join(zoo.root, zoo.bad);
  mkdirSync(folder, { recursive: true });
  return join(folder, `${zoo.bad}.plugin.json`);
}

const linked = (target: (zoo: Zoo) => string) => (zoo: Zoo) => {
  symlinkSync(target(zoo), placeOf(zoo));
};

/** A manifest in a file of so many bytes. */
const sized = (size: number) => (zoo: Zoo) =>
  zoo.raw(BAD, JSON.stringify(manifestOf({ id: BAD })).padEnd(size));

const NOBODY = 65_534;
/** Only root may give files away. */
const OF_ANOTHER: readonly FileFault[] =
  process.getuid?.() === 0
    ? [
        [
          'E06 a file of another user',
          'locate: untrusted',
          (zoo) => chownSync(zoo.plant(BAD), NOBODY, NOBODY),
        ],
      ]
    : [];

/** E02 to E07: manifests that are no files to be read. */
export const LOCATE_FAULTS: readonly FileFault[] = [
  [
    'E02 a pipe',
    'locate: unreadable',
    (zoo) => {
      if (spawnSync('mkfifo', [placeOf(zoo)]).status !== 0) throw new Error('there is no mkfifo');
    },
  ],
  ['E03 a folder', 'locate: unreadable', (zoo) => mkdirSync(placeOf(zoo))],
  ['E03 a link to a device', 'locate: unreadable', linked(() => '/dev/zero')],
  ['E04 a link to itself', 'locate: unreadable', linked((zoo) => basename(placeOf(zoo)))],
  ['E04 a link to nothing', 'locate: unreadable', linked(() => 'nothing')],
  [
    'E04 a link that leaves',
    'locate: untrusted',
    linked((zoo) => zoo.folder.write(`${zoo.bad}.plugin.json`, JSON.stringify(manifestOf()))),
  ],
  [
    'E06 a folder that everybody may write',
    'locate: untrusted',
    (zoo) => chmodSync(dirname(zoo.plant(BAD)), 0o777),
  ],
  ...OF_ANOTHER,
  ['E07 no bytes', 'decode: malformed', (zoo) => zoo.raw(BAD, '')],
  // read, and then refused, since it is not sealed
  ['E07 as large as allowed', 'schema: malformed', sized(MANIFEST_BYTES)],
  ['E07 a byte more', 'decode: malformed', sized(MANIFEST_BYTES + 1)],
  ['E07 2 GiB of holes', 'locate: unreadable', (zoo) => truncateSync(zoo.raw(BAD, ''), 2 ** 31)],
];
