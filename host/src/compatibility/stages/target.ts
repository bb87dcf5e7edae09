import type { Manifest, Target } from '@voxhost/sdk';
import { compareDotted, leadingDotted } from '../../dotted-number.js';
import type { MachineFacts } from '../machine-facts.js';
import { type Outcome, passed, refused } from '../outcome.js';
import type { TargetInput } from '../subject.js';

/** One axis on which a target does not fit a machine. */
interface Misfit {
  readonly axis: 'os' | 'cpu' | 'libc' | 'osMin' | 'libcMin' | 'cpuFeatures' | 'requires.wasm';
  readonly expected: string;
  readonly found: string;
}

/** Stage 6: os, cpu, C library, their least versions, instruction sets, WebAssembly features. What is unknown does not fit. */
export function judgeTarget({ target, machine, manifest, path }: TargetInput): Outcome {
  const misfit =
    systemMisfit(target, machine) ?? libcMisfit(target, machine) ?? featureMisfit(target, machine);
  if (misfit === undefined) return passed();
  const { axis, expected, found } = misfit;
  const index = manifest.targets.indexOf(target);
  return refused(
    'target',
    'wrong-platform',
    { expected: `${axis} ${expected}`, found, where: `${path} targets[${index}].${axis}` },
    { text: wayOut(misfit, manifest) },
  );
}

/** What the user can do; another system or cpu is only worth telling. */
function wayOut({ axis, expected, found }: Misfit, { id, targets }: Manifest): string {
  switch (axis) {
    case 'os':
    case 'cpu':
    case 'libc':
      return `${id} is made for ${targets.map(targetName).join('; ')}`;
    case 'osMin':
      return `use a system of version ${expected} or newer, or a build of ${id} for older ones`;
    case 'libcMin':
      return `use a system whose C library is ${expected} or newer, or a build of ${id} for older ones`;
    case 'cpuFeatures':
      return found === UNKNOWN
        ? `tell what the cpu has ("plugins check --cpu-features"), or use a build of ${id} without ${expected}`
        : `use a cpu that has ${expected}, or a build of ${id} without it`;
    case 'requires.wasm':
      return `run voxhost with a Node.js that has WebAssembly ${expected}`;
    default:
      return axis satisfies never;
  }
}

const UNKNOWN = 'unknown';

/** `linux-x64-glibc` */
export const targetName = ({ os, cpu, libc }: Target): string =>
  [os === '*' ? 'any os' : os, cpu === '*' ? 'any cpu' : cpu, libc === '*' ? undefined : libc]
    .filter((part) => part !== undefined)
    .join('-');

function systemMisfit(target: Target, machine: MachineFacts): Misfit | undefined {
  if (target.os !== '*' && target.os !== machine.os)
    return { axis: 'os', expected: target.os, found: machine.os };
  if (target.cpu !== '*' && target.cpu !== machine.cpu)
    return { axis: 'cpu', expected: target.cpu, found: machine.cpu };
  if (target.osMin === undefined || isAtLeast(leadingDotted(machine.osVersion), target.osMin))
    return undefined;
  return { axis: 'osMin', expected: target.osMin, found: machine.osVersion };
}

const isAtLeast = (found: string, wanted: string): boolean =>
  (compareDotted(found, wanted) ?? -1) >= 0;

/** The C library is an axis of Linux only. It is looked up, which takes milliseconds, only where a target asks. */
function libcMisfit({ libc, libcMin }: Target, machine: MachineFacts): Misfit | undefined {
  const asksKind = libc !== undefined && libc !== '*';
  if (machine.os !== 'linux' || !(asksKind || libcMin !== undefined)) return undefined;
  const own = machine.libc;
  if (asksKind && libc !== own?.kind)
    return { axis: 'libc', expected: libc, found: own?.kind ?? UNKNOWN };
  if (libcMin === undefined || isAtLeast(own?.version ?? '', libcMin)) return undefined;
  return { axis: 'libcMin', expected: libcMin, found: own?.version ?? UNKNOWN };
}

function featureMisfit(target: Target, machine: MachineFacts): Misfit | undefined {
  const lacks = (wanted: readonly string[] = [], has: () => readonly string[]) =>
    wanted.find((feature) => !has().includes(feature));
  const instruction = lacks(target.cpuFeatures, () => machine.cpuFeatures ?? []);
  if (instruction !== undefined)
    return {
      axis: 'cpuFeatures',
      expected: instruction,
      found: machine.cpuFeatures === undefined ? UNKNOWN : 'a cpu without it',
    };
  const wasm = lacks(target.requires?.wasm, () => machine.wasm);
  if (wasm === undefined) return undefined;
  return {
    axis: 'requires.wasm',
    expected: wasm,
    found: `only ${machine.wasm.join(', ') || 'none'}`,
  };
}
