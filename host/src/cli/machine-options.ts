import { InvalidArgumentError, Option } from 'commander';
import type { MachineDescription } from '../compatibility/hypothetical-machine.js';
import type { DeviceFacts } from '../compatibility/machine-facts.js';
import { parseCount, parseNames } from './numbers.js';

/** Options that describe a machine which is not this one; commander gives them by these names. */
export interface MachineOptions extends Omit<MachineDescription, 'drivers' | 'devices'> {
  readonly driver?: Readonly<Record<string, string>>;
  readonly device?: readonly DeviceFacts[];
}

export const machineOptions = (): readonly Option[] => [
  new Option('--os <name>', 'for another system, as process.platform has it'),
  option('--os-version <version>', 'its version, as os.release() has it', VERSION_START),
  new Option('--cpu <name>', 'for another processor, as process.arch has it'),
  new Option('--cpu-features <name,...>', 'its instruction sets: sse4_2,avx2').argParser(
    parseNames,
  ),
  option('--libc <name-version>', 'for another C library: glibc-2.28, musl', LIBC),
  option('--node <version>', 'for another Node.js', VERSION),
  new Option('--napi <n>', 'its Node-API version, where it is not that of its release').argParser(
    parseCount,
  ),
  new Option('--wasm <name,...>', 'its WebAssembly features: simd,threads').argParser(parseNames),
  new Option(
    '--driver <version>',
    'for another NVIDIA driver; NAME=VERSION for others, "none" for none; repeatable',
  ).argParser(parseDriver),
  new Option(
    '--device <class[:capability[:MiB]]>',
    'for other devices: cuda:9.0:143771, "none" for none; repeatable',
  ).argParser(parseDevice),
  option('--host <version>', 'for another voxhost', VERSION),
];

/** The machine that the options describe. */
export const describedMachine = ({
  driver,
  device,
  ...rest
}: MachineOptions): MachineDescription => ({
  ...rest,
  ...(driver && { drivers: driver }),
  ...(device && { devices: device }),
});

interface Grammar {
  readonly expression: RegExp;
  readonly meaning: string;
}

const VERSION: Grammar = {
  expression: /^v?\d+(?:\.\d+){0,2}(?:-[0-9A-Za-z.-]+)?$/,
  meaning: 'a version: 24, 24.1 or 24.1.0',
};
const VERSION_START: Grammar = {
  expression: /^\d+(?:\.\d+)*(?:[-+ ].*)?$/,
  meaning: 'a version as os.release() has it: 23.6.0',
};
const LIBC: Grammar = {
  expression: /^(?:glibc|musl)(?:-\d+(?:\.\d+)*)?$/,
  meaning: 'a C library: glibc-2.28 or musl',
};

const option = (flags: string, text: string, { expression, meaning }: Grammar): Option =>
  new Option(flags, text).argParser((value) => {
    if (expression.test(value)) return value;
    throw new InvalidArgumentError(`"${value}" is not ${meaning}.`);
  });

function parseDriver(
  text: string,
  before: Readonly<Record<string, string>> = {},
): Readonly<Record<string, string>> {
  if (text === 'none') return before;
  const found = /^(?:([\w.-]+)=)?(\d+(?:\.\d+)*)$/.exec(text);
  if (found === null) throw new InvalidArgumentError('Give a version, NAME=VERSION or none.');
  return { ...before, [found[1] ?? 'nvidia']: found[2] ?? '' };
}

function parseDevice(text: string, before: readonly DeviceFacts[] = []): readonly DeviceFacts[] {
  if (text === 'none') return before;
  const found = /^([\w.-]+)(?::(\d+\.\d+))?(?::(\d+))?$/.exec(text);
  if (found === null)
    throw new InvalidArgumentError('Give CLASS, CLASS:CAPABILITY, CLASS:CAPABILITY:MIB or none.');
  const [, kind = '', computeCapability, memory] = found;
  const device: DeviceFacts = {
    class: kind,
    name: kind,
    ...(computeCapability !== undefined && { computeCapability }),
    ...(memory !== undefined && { memoryMiB: Number(memory) }),
  };
  return [...before, device];
}
