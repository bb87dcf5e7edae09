import { compareDotted } from './dotted-number.js';
import type { MachineFacts } from './machine-facts.js';

/** A machine that is not this one, as far as it is described. */
export interface MachineDescription {
  readonly os?: string;
  readonly osVersion?: string;
  readonly cpu?: string;
  /** `24` or `24.1.0`. */
  readonly node?: string;
  /** Version of the NVIDIA driver. */
  readonly driver?: string;
  /** `glibc-2.28` or `musl`. */
  readonly libc?: string;
  /** Version of voxhost. */
  readonly host?: string;
}

/** Node-API version by the first Node.js release that has it (nodejs.org, Node-API version matrix). */
const NAPI: readonly (readonly [node: string, napi: number])[] = [
  ['23.6.0', 10],
  ['23.0.0', 9],
  ['22.14.0', 10],
  ['20.3.0', 9],
  ['20.0.0', 8],
  ['18.17.0', 9],
  ['0.0.0', 8],
];

/**
 * The described machine; what is not described is as here, but for what another system or cpu cannot share: its
 * files, its C library, its instruction sets and devices are unknown, and what is unknown does not fit. Pure.
 */
export function hypotheticalMachine(here: MachineFacts, given: MachineDescription): MachineFacts {
  const os = given.os ?? here.os;
  const cpu = given.cpu ?? here.cpu;
  const isOther = os !== here.os || cpu !== here.cpu;
  const isElsewhere = isOther || given.libc !== undefined || given.driver !== undefined;
  const { host, node, wasm, cpuFeatures, loader, devices } = here;
  const libc = os === 'linux' ? (libcOf(given.libc) ?? here.libc) : undefined;
  return {
    os,
    cpu,
    osVersion: given.osVersion ?? (isOther ? '' : here.osVersion),
    host: { ...host, version: threeNumbers(given.host) ?? host.version },
    node: nodeOf(given.node) ?? node,
    wasm,
    ...known({ libc }),
    ...(isOther ? {} : known({ cpuFeatures })),
    ...(isElsewhere ? {} : known({ loader, devices })),
    drivers: driversOf(given.driver, isOther ? {} : here.drivers),
  };
}

/** Without the fields that are undefined. */
const known = <T extends object>(fields: T): { [K in keyof T]?: NonNullable<T[K]> } =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]?: NonNullable<T[K]>;
  };

const driversOf = (
  version: string | undefined,
  otherwise: MachineFacts['drivers'],
): MachineFacts['drivers'] => (version === undefined ? otherwise : { nvidia: version });

function libcOf(text: string | undefined): MachineFacts['libc'] {
  const found = /^(glibc|musl)(?:-(\d[\d.]*))?$/.exec(text ?? '');
  if (found === null) return undefined;
  const kind = found[1] as 'glibc' | 'musl';
  return found[2] === undefined ? { kind } : { kind, version: found[2] };
}

/** `24` is 24.0.0. */
function threeNumbers(text: string | undefined): string | undefined {
  const found = /^v?(\d+)(?:\.(\d+))?(?:\.(\d+))?$/.exec(text ?? '');
  return found === null ? undefined : [found[1], found[2] ?? 0, found[3] ?? 0].join('.');
}

function nodeOf(text: string | undefined): MachineFacts['node'] | undefined {
  const version = threeNumbers(text);
  if (version === undefined) return undefined;
  const napi = NAPI.find(([from]) => (compareDotted(version, from) ?? -1) >= 0)?.[1] ?? 0;
  return { version, napi };
}
