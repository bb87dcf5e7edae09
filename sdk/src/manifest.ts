import type { CapabilityBlock } from './capabilities.js';
import type { Json } from './json.js';

/** What `<id>.plugin.json` says. `manifests/README.md` has each field's rule, `manifests/plugin-1.schema.json` the schema. */
export interface Manifest {
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
  readonly version: string;
  readonly displayName?: string;
  /** SPDX expression. */
  readonly license: string;
  readonly publisher?: { readonly name: string; readonly url?: string; readonly key?: string };
  /** Version of the sdk it was built with; for messages only. */
  readonly sdk?: string;
  readonly abi: { readonly name: string; readonly min: number; readonly max: number };
  readonly engines: { readonly host: string; readonly node?: string };
  readonly isolation?: Isolation;
  /** The first that passes is used. */
  readonly targets: readonly Target[];
  readonly capabilities: readonly CapabilityBlock[];
  readonly permissions?: Permissions;
  readonly dependsOn?: readonly {
    readonly id: string;
    readonly version: string;
    readonly optional?: boolean;
  }[];
  readonly conflicts?: readonly { readonly id: string; readonly version?: string }[];
}

export interface Isolation {
  readonly supports: readonly ('inline' | 'process')[];
  readonly default: 'inline' | 'process';
  readonly reentrant?: boolean;
  readonly maxConcurrent?: number;
}

/** `*` in os, cpu or libc is every one, and must be written. */
export interface Target {
  readonly os: string;
  readonly cpu: string;
  readonly libc?: 'glibc' | 'musl' | '*';
  readonly libcMin?: string;
  readonly osMin?: string;
  readonly cpuFeatures?: readonly string[];
  readonly entry: Entry;
  readonly probe?: {
    readonly type: 'exec' | 'esm';
    readonly path: string;
    readonly args?: readonly string[];
    readonly timeoutMs?: number;
  };
  readonly requires?: Requirements;
  /** All files of the target; present means the manifest is sealed. */
  readonly files?: readonly FileSeal[];
}

export interface Entry {
  readonly type: 'node-addon' | 'esm' | 'exec' | 'builtin';
  readonly path: string;
  /** Node-API version; mandatory for `node-addon`. */
  readonly napi?: number;
  /** Exported symbol that a native entry must define. */
  readonly symbol?: string;
  readonly args?: readonly string[];
}

export interface FileSeal {
  readonly path: string;
  readonly size: number;
  /** 64 lower-case hex digits. */
  readonly sha256: string;
}

export interface Requirements {
  readonly wasm?: readonly ('simd' | 'threads')[];
  readonly devices?: readonly {
    readonly class: string;
    readonly min: number;
    readonly computeCapability?: string;
    readonly memoryMiB?: number;
  }[];
  readonly drivers?: readonly {
    readonly name: string;
    readonly min: string;
    readonly compatMin?: string;
    readonly needs?: 'full' | 'sass';
  }[];
  readonly libraries?: readonly LibraryRequirement[];
}

export interface LibraryRequirement {
  readonly name: string;
  readonly kind?: 'npm' | 'shared' | 'file';
  readonly soname?: string;
  readonly version?: string;
  readonly build?: string;
  readonly source: 'bundled' | 'system' | 'user';
  readonly env?: string;
}

export interface Permissions {
  readonly fs?: { readonly read?: readonly string[]; readonly write?: readonly string[] };
  readonly net?: boolean;
  readonly childProcess?: boolean;
  readonly gpu?: boolean;
  readonly env?: readonly string[];
}

/** A free area of the manifest, `x-...`. */
export type Extension = Json;
