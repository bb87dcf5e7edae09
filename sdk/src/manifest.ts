import type { CapabilityBlock } from './capabilities.js';
import type { Json } from './json.js';

/** What `<id>.plugin.json` says. `manifests/README.md` has each field's rule, `manifests/plugin-1.schema.json` the schema. */
export interface Manifest {
  /** URL of the JSON schema, for editors. */
  readonly $schema?: string;
  /** Schema version, `major.minor`. */
  readonly manifest: string;
  /** Paths of fields that a host must understand to use this plugin. */
  readonly critical?: readonly string[];
  /** Reverse-DNS identity, `[a-z0-9.-]{3,80}`; the file is named `<id>.plugin.json`. */
  readonly id: string;
  /** The backend's name, which `--backend` takes. */
  readonly name: string;
  /** The folder that no other path leaves, relative to the manifest; default `.`. */
  readonly root?: string;
  /** Semantic version 2.0.0. */
  readonly version: string;
  /** A title, for people. */
  readonly displayName?: string;
  /** SPDX expression. */
  readonly license: string;
  /** `url` begins with `https://`; `key`, `ed25519:` and 44 characters of Base64, is that of the signature. */
  readonly publisher?: { readonly name: string; readonly url?: string; readonly key?: string };
  /** Version of the sdk it was built with; for messages only. */
  readonly sdk?: string;
  /** Closed range of contract versions. */
  readonly abi: { readonly name: string; readonly min: number; readonly max: number };
  /** Ranges of semantic versions; that of the host has an upper bound. */
  readonly engines: { readonly host: string; readonly node?: string };
  /** Where it runs. Default: both places are supported, and the host decides. */
  readonly isolation?: Isolation;
  /** The first that passes is used. */
  readonly targets: readonly Target[];
  /** What it can do: the union of the blocks. */
  readonly capabilities: readonly CapabilityBlock[];
  readonly permissions?: Permissions;
  /** Plugins that it needs, by ranges of their versions. */
  readonly dependsOn?: readonly {
    readonly id: string;
    readonly version: string;
    readonly optional?: boolean;
  }[];
  /** Plugins that must not be active in the same process; without `version`, every one of that id. */
  readonly conflicts?: readonly { readonly id: string; readonly version?: string }[];
}

/** Inside the host, or in a child process. It grants no trust: what is not trusted never runs inside the host. */
export interface Isolation {
  readonly supports: readonly ('inline' | 'process')[];
  readonly default: 'inline' | 'process';
  /** May calls overlap? Default false. */
  readonly reentrant?: boolean;
  /** Calls at once in a child process; default 16 where calls may overlap, else 1. */
  readonly maxConcurrent?: number;
}

/** A platform, what is loaded there and what it needs. `*` in os, cpu or libc is every one, and must be written. */
export interface Target {
  /** `process.platform`. */
  readonly os: string;
  /** `process.arch`. */
  readonly cpu: string;
  /** Mandatory for native code on Linux. */
  readonly libc?: 'glibc' | 'musl' | '*';
  /** Dotted numbers, as all least versions are. */
  readonly libcMin?: string;
  /** Of `os.release()`. */
  readonly osMin?: string;
  /** Instruction sets as Linux names them in /proc/cpuinfo: `avx2`. */
  readonly cpuFeatures?: readonly string[];
  readonly entry: Entry;
  /** Asks in a child process whether the plugin could work here, before any other of its code runs. */
  readonly probe?: {
    readonly type: 'exec' | 'esm';
    /** Below the root. */
    readonly path: string;
    readonly args?: readonly string[];
    /** Default 5000. */
    readonly timeoutMs?: number;
  };
  readonly requires?: Requirements;
  /** All files of the target; present means the manifest is sealed. */
  readonly files?: readonly FileSeal[];
}

/** What is loaded, and how. */
export interface Entry {
  readonly type: 'node-addon' | 'esm' | 'exec' | 'builtin';
  /** Below the root, with `/`. */
  readonly path: string;
  /** Node-API version; mandatory for `node-addon`. */
  readonly napi?: number;
  /** Exported symbol that a native entry must define. */
  readonly symbol?: string;
  /** Of an `exec` entry's command line. */
  readonly args?: readonly string[];
}

/** A file as it was shipped. */
export interface FileSeal {
  /** Below the root, with `/`. */
  readonly path: string;
  /** Bytes. */
  readonly size: number;
  /** 64 lower-case hex digits. */
  readonly sha256: string;
}

/** What a machine must have; looked for without loading anything of the plugin. */
export interface Requirements {
  readonly wasm?: readonly ('simd' | 'threads')[];
  readonly devices?: readonly {
    /** `cuda`. */
    readonly class: string;
    /** How many at least. */
    readonly min: number;
    /** Range of versions: `>=7.5`. */
    readonly computeCapability?: string;
    readonly memoryMiB?: number;
  }[];
  readonly drivers?: readonly {
    /** `nvidia`. */
    readonly name: string;
    readonly min: string;
    /** The least version of a driver with a limited feature set. */
    readonly compatMin?: string;
    /** `full`: `min` holds; `sass`: `compatMin` is enough. Default `full`. */
    readonly needs?: 'full' | 'sass';
  }[];
  readonly libraries?: readonly LibraryRequirement[];
}

/** A library that the plugin does not contain, or must find. */
export interface LibraryRequirement {
  /** What `context.runtime` takes. */
  readonly name: string;
  /** How it is found; default `shared`. */
  readonly kind?: 'npm' | 'shared' | 'file';
  /** File name of a shared library. */
  readonly soname?: string;
  /** Range of versions; `=` is exact. */
  readonly version?: string;
  /** Exact build tag. */
  readonly build?: string;
  /** Below the root, on the loader's path, or where the user has it. */
  readonly source: 'bundled' | 'system' | 'user';
  /** Variable that names its folder. */
  readonly env?: string;
}

/** What it needs of the system; shown when it is installed. Folders, and names of variables. */
export interface Permissions {
  readonly fs?: { readonly read?: readonly string[]; readonly write?: readonly string[] };
  readonly net?: boolean;
  readonly childProcess?: boolean;
  readonly gpu?: boolean;
  readonly env?: readonly string[];
}

/** A free area of the manifest, `x-...`. */
export type Extension = Json;
