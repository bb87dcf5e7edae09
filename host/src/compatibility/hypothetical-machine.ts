import { compareDotted, leadingDotted } from '../dotted-number.js';
import type { DeviceFacts, MachineFacts } from './machine-facts.js';

/** A machine that is not this one, as far as it is described. */
export interface MachineDescription {
  readonly os?: string;
  readonly osVersion?: string;
  readonly cpu?: string;
  /** `24` or `24.1.0`. */
  readonly node?: string;
  /** Where it is not that of the release of Node.js. */
  readonly napi?: number;
  /** Versions of drivers by name; none where it is empty. */
  readonly drivers?: Readonly<Record<string, string>>;
  readonly devices?: readonly DeviceFacts[];
  /** By the names of /proc/cpuinfo. */
  readonly cpuFeatures?: readonly string[];
  readonly wasm?: readonly string[];
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
  ['19.0.0', 8],
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
  const own = isOther ? { osVersion: '', drivers: {} } : here;
  const libc = os === 'linux' ? (libcOf(given.libc) ?? here.libc) : undefined;
  return {
    os,
    cpu,
    osVersion: given.osVersion ?? own.osVersion,
    host: { ...here.host, version: threeNumbers(given.host) ?? here.host.version },
    node: nodeOf(given) ?? withNapi(here.node, given.napi),
    wasm: given.wasm ?? here.wasm,
    drivers: given.drivers ?? own.drivers,
    ...known({ libc, ...surroundings(here, given, isOther) }),
  };
}

/** What is known of a machine only where it is this one, but for what is stated. */
function surroundings(
  here: MachineFacts,
  { libc, drivers, devices, cpuFeatures }: MachineDescription,
  isOther: boolean,
): { readonly [N in 'cpuFeatures' | 'devices' | 'loader']: MachineFacts[N] | undefined } {
  const isElsewhere = isOther || [libc, drivers, devices].some((each) => each !== undefined);
  return {
    cpuFeatures: cpuFeatures ?? (isOther ? undefined : here.cpuFeatures),
    devices: devices ?? (isElsewhere ? undefined : here.devices),
    loader: isElsewhere ? undefined : here.loader,
  };
}

/** Without the fields that are undefined. */
const known = <T extends object>(fields: T): { [K in keyof T]?: NonNullable<T[K]> } =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]?: NonNullable<T[K]>;
  };

function libcOf(text: string | undefined): MachineFacts['libc'] {
  const found = /^(glibc|musl)(?:-(\d[\d.]*))?$/.exec(text ?? '');
  if (found === null) return undefined;
  const kind = found[1] as 'glibc' | 'musl';
  return found[2] === undefined ? { kind } : { kind, version: found[2] };
}

/** `24` is 24.0.0; what follows a hyphen stays. */
function threeNumbers(text: string | undefined): string | undefined {
  const found = /^v?(\d+)(?:\.(\d+))?(?:\.(\d+))?(-[0-9A-Za-z.-]+)?$/.exec(text ?? '');
  if (found === null) return undefined;
  const [, major, minor = 0, patch = 0, rest = ''] = found;
  return `${[major, minor, patch].join('.')}${rest}`;
}

function nodeOf({ node, napi }: MachineDescription): MachineFacts['node'] | undefined {
  const version = threeNumbers(node);
  if (version === undefined) return undefined;
  const released = leadingDotted(version);
  const own = NAPI.find(([from]) => (compareDotted(released, from) ?? -1) >= 0)?.[1] ?? 0;
  return { version, napi: napi ?? own };
}

/** A stated version of Node-API makes it another program than the one that runs here, whose symbols nobody knows. */
const withNapi = (node: MachineFacts['node'], napi: number | undefined): MachineFacts['node'] =>
  napi === undefined ? node : { version: node.version, napi };
