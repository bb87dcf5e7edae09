import type { LoadingMachine } from '../binary/loader-facts.js';
import type { PlacedBinary } from '../binary/search.js';

/** What a verdict depends on besides the plugin's own files: plain data, so that any machine can be described. */
export interface MachineFacts extends LoadingMachine {
  readonly host: {
    readonly version: string;
    readonly abi: { readonly name: string; readonly min: number; readonly max: number };
  };
  readonly node: {
    readonly version: string;
    /** Highest Node-API version, `process.versions.napi`. */
    readonly napi: number;
    /** The running executable; undefined where its symbols cannot be seen, since a library of its own may hold them. */
    readonly program?: ProgramFacts;
  };
  /** `process.platform`. */
  readonly os: string;
  /** `os.release()`: of the kernel on Linux, Darwin's on macOS, 10.0.x on Windows. */
  readonly osVersion: string;
  /** Instruction sets as Linux names them in /proc/cpuinfo; undefined where they cannot be known. */
  readonly cpuFeatures?: readonly string[];
  /** WebAssembly features that validate. */
  readonly wasm: readonly string[];
  /** Versions of drivers by name, as dotted numbers: `nvidia`. A driver that is missing here is not installed. */
  readonly drivers: Readonly<Record<string, string>>;
  /** What devices there are; undefined where nobody could be asked. */
  readonly devices?: readonly DeviceFacts[];
  /** Environment variables; absent where they do not matter. */
  readonly variables?: Readonly<Record<string, string | undefined>>;
}

/** A program that addons are loaded into. */
export interface ProgramFacts extends PlacedBinary {
  /** Names that it defines. */
  readonly symbols: ReadonlySet<string>;
}

/** One device, as its driver's own tools describe it. */
export interface DeviceFacts {
  readonly class: string;
  readonly name: string;
  /** `8.6`; absent where it was not told. */
  readonly computeCapability?: string;
  readonly memoryMiB?: number;
  /** Of it, what nobody holds now. */
  readonly freeMiB?: number;
  /** Why it cannot be used now: exclusive mode. */
  readonly busy?: string;
}
