import { memorySource } from '#host/binary/byte-view.js';
import { parseLinkerCache } from '#host/binary/linker-cache.js';
import { parseBinary } from '#host/binary/parse-binary.js';
import { hasUpperBound, parseRange } from '#host/compatibility/engine-range.js';
import { judge } from '#host/compatibility/judge.js';
import { DEFAULT_POLICY } from '#host/compatibility/policy.js';
import { driverVersion, isVersionIn } from '#host/compatibility/stages/require.js';
import { builtinReference } from '#host/discovery/builtin-reference.js';
import { settleDependencies } from '#host/discovery/dependencies.js';
import { settlePrecedence } from '#host/discovery/precedence.js';
import { compareDotted, leadingDotted } from '#host/dotted-number.js';
import { createDiskSource } from '#host/files/disk-source.js';
import { fullManifest } from '../compatibility/manifest-mutations.js';
import { buildElf, buildFat, buildMachO, buildPe } from '../support/binary-builder.js';
import { machineOf } from '../support/machine.js';
import { bytesOf } from '../support/manifest-builder.js';

/** Numbers from a seed: the same everywhere, for ever (xorshift32, Marsaglia 2003). */
export class Random {
  #state: number;

  constructor(seed: number) {
    this.#state = seed | 1;
  }

  /** An integer from 0 up to but without the limit. */
  below(limit: number): number {
    this.#state ^= this.#state << 13;
    this.#state ^= this.#state >>> 17;
    this.#state ^= this.#state << 5;
    return (this.#state >>> 0) % limit;
  }

  pick<T>(values: readonly T[]): T {
    return values[this.below(values.length)] as T;
  }
}

/** One parser with good inputs to start from; `run` tells whether the input was accepted, and must never throw. */
export interface FuzzTarget {
  readonly name: string;
  readonly seeds: readonly Uint8Array[];
  readonly words: readonly Uint8Array[];
  run(input: Uint8Array): boolean;
}

const parts = {
  needed: [{ name: 'libc.so.6', versions: ['GLIBC_2.34', 'GLIBC_2.2.5'] }, { name: 'libx.so' }],
  soname: 'libself.so',
  runpath: ['$ORIGIN', '@loader_path'],
  versions: ['V_1', 'V_2'],
  exports: ['napi_register_module_v1', 'b'],
  imports: ['c', 'd'],
};
const numbers = [0, 1, 2, 0x7f, 0x80, 0xff, 0xffff, 0x7fffffff, 0x80000000, 0xffffffff];
const integers = numbers.flatMap((value) => {
  const view = new DataView(new ArrayBuffer(8));
  view.setUint32(0, value, true);
  view.setUint32(4, value === 0xffffffff ? value : 0, true);
  return [new Uint8Array(view.buffer.slice(0, 4)), new Uint8Array(view.buffer)];
});
const text = new TextDecoder();
const lines = (...values: readonly string[]) => values.map(bytesOf);

function linkerCache(): Uint8Array {
  const strings = 'libc.so.6\0/lib/libc.so.6\0';
  const bytes = Buffer.alloc(72 + strings.length);
  bytes.write('glibc-ld.so.cache1.1');
  bytes.writeUInt32LE(1, 20);
  bytes.writeUInt32LE(72, 52);
  bytes.writeUInt32LE(82, 56);
  bytes.write(strings, 72, 'latin1');
  return bytes;
}

const binary = (name: string, ...seeds: readonly Uint8Array[]): FuzzTarget => ({
  name,
  seeds,
  words: integers,
  run: (input) => parseBinary(memorySource(input)).ok,
});

const machine = machineOf();

/** All that a manifest goes through, up to its place among others; were it to throw there, it would hide them. */
function judgeWhole(bytes: Uint8Array): boolean {
  const path = '/p/x.plugin.json';
  const subject = { path, layer: 1, located: { ok: true, bytes }, files: new Map() } as const;
  const entry = { ...judge(subject, machine, DEFAULT_POLICY), layer: 1, path, source } as const;
  const other = { ...entry, path: '/p/y.plugin.json' };
  const candidates = [neighbour, entry, other].map((each) => ({ entry: each, explicit: false }));
  settleDependencies(settlePrecedence(candidates));
  return entry.manifest !== undefined;
}

const source = createDiskSource();
const neighbour = builtinReference(source);

const minimal = { ...fullManifest, 'x-vendor': {} };

export const FUZZ_TARGETS: readonly FuzzTarget[] = [
  {
    name: 'manifest',
    seeds: [bytesOf(JSON.stringify(minimal))],
    words: lines(
      '{',
      '}',
      '[',
      ']',
      '"',
      ',',
      ':',
      '\\',
      '\\u',
      '1e999',
      '-0',
      'null',
      '"id":',
      '"__proto__":',
      '\u00e9',
      '*',
      '..',
      '99999999999999999999',
      '0.0.0',
    ),
    run: judgeWhole,
  },
  binary('elf', buildElf(parts), buildElf({})),
  binary('pe', buildPe(parts), buildPe({ cpu: 'arm64' })),
  binary(
    'mach-o',
    buildMachO(parts),
    buildFat(buildMachO({ cpu: 'x64' }), buildMachO({})).subarray(0, 9000),
  ),
  {
    name: 'linker cache',
    seeds: [linkerCache()],
    words: integers,
    run: (input) => parseLinkerCache(memorySource(input)).size > 0,
  },
  {
    name: 'version strings',
    seeds: lines(
      '>=1.2 <3',
      '^0.3.1 || ~2.0 - 3',
      '570.124.06',
      '32.0.15.7247',
      '2.6.0+cu128',
      '1.0.0-rc.1',
    ),
    words: lines(
      '.',
      '-',
      '+',
      ' ',
      '>',
      '<',
      '=',
      '~',
      '^',
      '*',
      'x',
      '||',
      '0',
      '99999999999',
      'rc',
    ),
    run: (input) => {
      const value = text.decode(input);
      const range = parseRange(value);
      if (range.ok) hasUpperBound(range.range);
      isVersionIn(value, '>=1 <2');
      isVersionIn('1.2.3', value);
      return (
        compareDotted(leadingDotted(driverVersion('nvidia', value)), '570.26') !== undefined ||
        range.ok
      );
    },
  },
];

/** A seed with one to four changes: bytes set, words put in or over, pieces cut, doubled or moved. */
export function mutate(target: FuzzTarget, random: Random): Uint8Array {
  let bytes = Buffer.from(random.pick(target.seeds));
  for (let left = 1 + random.below(4); left > 0; left--) {
    const at = random.below(bytes.length + 1);
    const end = Math.min(bytes.length, at + 1 + random.below(random.pick([2, 16, 256])));
    switch (random.below(6)) {
      case 0:
        if (at < bytes.length) bytes[at] = random.below(256);
        break;
      case 1:
        bytes = Buffer.concat([
          bytes.subarray(0, at),
          random.pick(target.words),
          bytes.subarray(at),
        ]);
        break;
      case 2:
        bytes.set(random.pick(target.words).subarray(0, bytes.length - at), at);
        break;
      case 3:
        bytes = Buffer.concat([bytes.subarray(0, at), bytes.subarray(end)]);
        break;
      case 4:
        bytes = Buffer.concat([bytes.subarray(0, end), bytes.subarray(at)]);
        break;
      default:
        bytes = Buffer.from(bytes.subarray(0, at));
    }
  }
  return bytes;
}

export interface FuzzResult {
  readonly name: string;
  readonly seed: number;
  readonly executions: number;
  readonly accepted: number;
  readonly slowestMs: number;
  /** Inputs that made the parser throw, in hex, and what it threw. */
  readonly finds: readonly { readonly input: string; readonly error: string }[];
}

/** Runs a target on mutated inputs; the same seed gives the same inputs. */
export function fuzz(target: FuzzTarget, seed: number, executions: number): FuzzResult {
  const random = new Random(seed);
  const finds: { input: string; error: string }[] = [];
  let accepted = 0;
  let slowestMs = 0;
  for (let index = 0; index < executions; index++) {
    const input = mutate(target, random);
    try {
      const before = performance.now();
      if (target.run(input)) accepted++;
      const ms = performance.now() - before;
      if (ms > slowestMs) slowestMs = Math.max(slowestMs, Math.min(ms, again(target, input)));
    } catch (error) {
      if (finds.length < 10)
        finds.push({ input: Buffer.from(input).toString('hex'), error: String(error) });
    }
  }
  return { name: target.name, seed, executions, accepted, slowestMs, finds };
}

/** The least time of a few more runs: on a machine with other work one alone tells little. */
function again(target: FuzzTarget, input: Uint8Array): number {
  const times = Array.from({ length: 3 }, () => {
    const before = performance.now();
    target.run(input);
    return performance.now() - before;
  });
  return Math.min(...times);
}
