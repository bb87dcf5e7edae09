import { readFileSync } from 'node:fs';
import type { Target } from '@voxhost/sdk';
import { readMachineFacts } from '#host/compatibility/read-machine-facts.js';
import { buildElf } from '../support/binary-builder.js';
import { compileAddon, whyNoCompiler } from '../support/compile-addon.js';
import { BAD, COMPATIBLE, type FileFault, sealOf, type Zoo } from './zoo.js';

const { arch: cpu, platform: os } = process;
const { libc, node, drivers } = readMachineFacts();
const kind = libc?.kind ?? 'glibc';

/** An addon whose constructor leaves the canary of its id: real where there is a compiler, else only its form. */
function addonOf(zoo: Zoo): Uint8Array {
  if (whyNoCompiler() !== undefined)
    return buildElf({ exports: ['napi_register_module_v1'], cpu: cpu === 'arm64' ? cpu : 'x64' });
  const canary = JSON.stringify(zoo.canaryOf(zoo.bad));
  const source = `#include <stdio.h>
__attribute__((constructor)) static void early(void) { fclose(fopen(${canary}, "w")); }
void *napi_register_module_v1(void *env, void *exports) { return exports; }`;
  return readFileSync(compileAddon(zoo.folder, zoo.bad, source));
}

/** The addon with some of its target replaced. */
const native =
  (changes: Partial<Target>, napi: number | undefined = 8) =>
  (zoo: Zoo): void => {
    const content = addonOf(zoo);
    const entry = { type: 'node-addon', path: 'a.node', ...(napi && { napi }) } as const;
    const files = [sealOf('a.node', content)];
    const target = { os, cpu, libc: kind, entry, files, ...changes } as Target;
    zoo.plant(BAD, { files: { 'a.node': content }, target });
  };

const requiring = (requires: Target['requires']) => (zoo: Zoo) =>
  void zoo.plant(BAD, { target: requires === undefined ? {} : { requires } });

const noDriver = drivers['nvidia'] === undefined ? 'missing-hardware' : 'driver-too-old';

/** E35 to E37 and E46 to E48, as far as they can happen on this very machine: real addons, which would run if they were loaded. */
export const MACHINE_FAULTS: readonly FileFault[] = [
  ['E35 Node-API 8', COMPATIBLE, native({}, 8)],
  ['E35 as this Node.js', COMPATIBLE, native({}, node.napi)],
  ['E35 one more', 'napi: incompatible-node', native({}, node.napi + 1)],
  ['E35 99', 'napi: incompatible-node', native({}, 99)],
  ['E35 experimental', 'napi: incompatible-node', native({}, 2_147_483_647)],
  ['E35 none', 'schema: malformed', native({}, 0)],
  [
    'E36 for another C library',
    'target: wrong-platform',
    native({ libc: kind === 'glibc' ? 'musl' : 'glibc' }),
  ],
  ['E36 for a newer C library', 'target: wrong-platform', native({ libcMin: '99.0' })],
  ['E36 for a newer system', 'target: wrong-platform', native({ osMin: '999.0' })],
  [
    'E36 for another cpu',
    'target: wrong-platform',
    native({ cpu: cpu === 'arm64' ? 'x64' : 'arm64' }),
  ],
  ['E36 for another system', 'target: wrong-platform', native({ os: 'sunos', cpu: 'x64' })],
  [
    'E37 for instructions that no cpu has',
    'target: wrong-platform',
    native({ cpuFeatures: ['warp9'] }),
  ],
  ['E40 for this cpu, holding code for another', 'preflight: wrong-platform', foreign],
  [
    'E46 a driver that nobody has',
    `require: ${noDriver}`,
    requiring({ drivers: [{ name: 'nvidia', min: '99999.1' }] }),
  ],
  [
    'E46 a driver of nobody',
    'require: missing-hardware',
    requiring({ drivers: [{ name: 'acme', min: '1' }] }),
  ],
  [
    'E48 more devices than anybody has',
    'require: missing-hardware',
    requiring({ devices: [{ class: 'cuda', min: 1024 }] }),
  ],
];

function foreign(zoo: Zoo): void {
  const content = buildElf({
    exports: ['napi_register_module_v1'],
    cpu: cpu === 'arm64' ? 'x64' : 'arm64',
  });
  const entry = { type: 'node-addon', path: 'a.node', napi: 8 } as const;
  const target = { os, cpu, libc: kind, entry, files: [sealOf('a.node', content)] } as Target;
  zoo.plant(BAD, { files: { 'a.node': content }, target });
}
