import type { LibraryRequirement, Requirements } from '@voxhost/sdk';
import { compareDotted, leadingDotted } from '../../dotted-number.js';
import { own } from '../../own.js';
import type { Fix, Note, VerdictWord } from '../../verdict.js';
import { parseRange, satisfies } from '../engine-range.js';
import type { LibraryCopy } from '../library-facts.js';
import type { DeviceFacts } from '../machine-facts.js';
import { type Outcome, passed, refused, unchecked } from '../outcome.js';
import type { TargetInput } from '../subject.js';

type Driver = NonNullable<Requirements['drivers']>[number];
type Device = NonNullable<Requirements['devices']>[number];

/**
 * Stage 10: what the plugin brings itself, drivers, libraries, devices, by what was found without loading any of them.
 */
export function judgeRequire(input: TargetInput): Outcome {
  const { drivers = [], libraries = [], devices = [] } = input.target.requires ?? {};
  const isBundled = ({ source }: LibraryRequirement): boolean => source === 'bundled';
  const others = libraries.filter((library) => !isBundled(library));
  const outcomes = [
    ...libraries.filter(isBundled).map((library) => () => judgeLibrary(library, input)),
    ...drivers.map((driver) => () => judgeDriver(driver, input)),
    ...others.map((library) => () => judgeLibrary(library, input)),
    ...devices.map((device) => () => judgeDevice(device, input)),
  ];
  const notes: Note[] = [];
  let isComplete = true;
  for (const outcomeOf of outcomes) {
    const outcome = outcomeOf();
    if (outcome.kind === 'refused') return outcome;
    if (outcome.kind === 'unchecked') isComplete = false;
    notes.push(...outcome.notes);
  }
  return isComplete ? passed(...notes) : unchecked(...notes);
}

const refuse = (
  verdict: VerdictWord,
  expected: string,
  found: string,
  fix: string | Fix,
): Outcome =>
  refused('require', verdict, { expected, found }, typeof fix === 'string' ? { text: fix } : fix);

/**
 * What Windows calls 32.0.15.7247 NVIDIA calls 572.47: the last five digits, a dot before the last two.
 */
export function driverVersion(name: string, version: string): string {
  if (name !== 'nvidia' || !/^\d+\.\d+\.\d+\.\d{4}$/.test(version)) return version;
  const digits = version.split('.').slice(2).join('').slice(-5);
  return `${Number(digits.slice(0, 3))}.${digits.slice(3)}`;
}

function judgeDriver(
  { name, min, compatMin, needs = 'full' }: Driver,
  { machine }: TargetInput,
): Outcome {
  const stated = own(machine.drivers, name);
  if (stated === undefined)
    return refuse(
      'missing-hardware',
      `driver ${name} ${min} or newer`,
      'no such driver',
      'nothing to do where there is no such device; else install its driver',
    );
  const version = driverVersion(name, stated);
  const least = needs === 'sass' ? (compatMin ?? min) : min;
  if ((compareDotted(leadingDotted(version), least) ?? -1) >= 0) return passed();
  const isCompatible =
    compatMin !== undefined && (compareDotted(leadingDotted(version), compatMin) ?? -1) >= 0;
  const found = version === '' ? 'a version that is not told' : version;
  return refuse(
    'driver-too-old',
    `driver ${name} ${least} or newer`,
    isCompatible ? `${found}, which has only a part of what is needed` : found,
    `install the ${name} driver ${least} or newer`,
  );
}

function judgeLibrary(library: LibraryRequirement, { libraries }: TargetInput): Outcome {
  const found = libraries?.get(library);
  if (found === undefined) return unchecked();
  const [copy, ...others] = found.copies;
  const wanted = [library.name, library.version, library.build]
    .filter((part) => part !== undefined)
    .join(' ');
  if (copy === undefined && library.source === 'bundled')
    return refuse(
      'missing-file',
      `${library.soname ?? library.name}, a part of the plugin`,
      `nothing in ${found.searched.join(', ')}`,
      'install the plugin again, or build it where all that it is made of can be built',
    );
  if (copy === undefined)
    return refuse(
      'missing-library',
      wanted,
      `nothing in ${found.searched.join(', ') || 'any place that was named'}`,
      installFix(library, wanted),
    );
  const mismatch = mismatchOf(library, copy);
  if (mismatch !== undefined)
    return refuse(
      'library-mismatch',
      wanted,
      `${mismatch} at ${copy.path}`,
      library.kind === 'npm' ? installFix(library, wanted) : `install ${wanted}`,
    );
  if (others.length === 0) return passed();
  const also = others.map(({ path }) => path).join(', ');
  const text = `${library.name} is used from ${copy.path}; there is another at ${also}`;
  return passed({ stage: 'require', text });
}

/** Nothing is installed for the user: what to type, and what to set where a copy lies elsewhere. */
function installFix({ name, kind, version, env }: LibraryRequirement, wanted: string): Fix {
  if (kind !== 'npm')
    return {
      text: env === undefined ? `install ${wanted}` : `set ${env} to the folder of ${wanted}`,
    };
  const command = `npm install "${name}${version === undefined ? '' : `@${version}`}"`;
  const elsewhere = env === undefined ? '' : ` (or set ${env} to a folder that has it installed)`;
  return { text: `install ${wanted} in the project${elsewhere}`, command };
}

/** What is bundled is sealed with the plugin: where nothing tells its version, it is what its author put there. */
function mismatchOf(
  { version, build, source }: LibraryRequirement,
  copy: LibraryCopy,
): string | undefined {
  if (source === 'bundled' && copy.version === undefined) return undefined;
  if (version !== undefined && !isVersionIn(copy.version ?? '', version))
    return copy.version ?? 'an unknown version';
  if (build !== undefined && copy.build !== build)
    return `${copy.version ?? ''} ${copy.build ?? 'of an unknown build'}`.trim();
  return undefined;
}

/** Libraries have two to four numbers; ranges see the first three. */
export function isVersionIn(version: string, text: string): boolean {
  const numbers = leadingDotted(version)
    .split('.')
    .filter((part) => part !== '');
  const range = parseRange(text);
  if (numbers.length === 0 || !range.ok) return false;
  const three = [...numbers, '0', '0'].slice(0, 3).map(Number).join('.');
  return satisfies(three, range.range);
}

function judgeDevice(device: Device, { machine }: TargetInput): Outcome {
  const wanted = deviceText(device);
  if (machine.devices === undefined) return unchecked();
  const kin = machine.devices.filter((each) => each.class === device.class);
  const fitting = kin.filter((each) => fits(each, device));
  const reasons = fitting.map((each) => ({ name: each.name, reason: whyBusy(each, device) }));
  const [blocked] = reasons.filter(({ reason }) => reason !== undefined);
  if (reasons.filter(({ reason }) => reason === undefined).length >= device.min) return passed();
  if (fitting.length >= device.min && blocked !== undefined)
    return refuse('busy', wanted, `${blocked.name}: ${blocked.reason}`, 'wait until it is free');
  if (kin.length >= device.min && kin.some((each) => isUntold(each, device))) return unchecked();
  const found = kin.map(foundText).join('; ') || 'no such device';
  return refuse(
    'missing-hardware',
    wanted,
    found,
    'nothing to do: the plugin is for other machines',
  );
}

/** Undefined where it could be used now. */
function whyBusy({ busy, freeMiB }: DeviceFacts, { memoryMiB = 0 }: Device): string | undefined {
  if (busy !== undefined) return busy;
  return freeMiB === undefined || freeMiB >= memoryMiB ? undefined : `only ${freeMiB} MiB are free`;
}

function deviceText({ class: kind, min, computeCapability, memoryMiB }: Device): string {
  return [
    `${min} ${kind} device${min === 1 ? '' : 's'}`,
    computeCapability === undefined ? '' : `of compute capability ${computeCapability}`,
    memoryMiB === undefined ? '' : `with ${memoryMiB} MiB`,
  ]
    .filter((part) => part !== '')
    .join(' ');
}

const foundText = ({ name, computeCapability, memoryMiB }: DeviceFacts): string =>
  [name, computeCapability, memoryMiB === undefined ? undefined : `${memoryMiB} MiB`]
    .filter((part) => part !== undefined)
    .join(' ');

const fits = (found: DeviceFacts, { computeCapability, memoryMiB }: Device): boolean =>
  (computeCapability === undefined ||
    isVersionIn(found.computeCapability ?? '', computeCapability)) &&
  (memoryMiB === undefined || (found.memoryMiB ?? 0) >= memoryMiB);

/** Is something of the device, that decides, not known? */
const isUntold = (found: DeviceFacts, { computeCapability, memoryMiB }: Device): boolean =>
  (computeCapability !== undefined && found.computeCapability === undefined) ||
  (memoryMiB !== undefined && found.memoryMiB === undefined);
