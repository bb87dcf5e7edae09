import type { CapabilityBlock } from '@voxhost/sdk';

/** What a child is told to load; goes with the hello to a Node child. */
export interface Load {
  readonly type: 'esm' | 'node-addon';
  /** Absolute path of the plugin's root. */
  readonly root: string;
  /** Of the entry, below the root. */
  readonly entry: string;
  /** Entry file of each required library, or why it cannot be had. */
  readonly runtimes: {
    readonly [name: string]: { readonly path: string } | { readonly reason: string };
  };
  /** How many prepares and runs it may be asked for at once. */
  readonly maxConcurrent: number;
}

/** What the plugin must echo. */
export interface Identity {
  readonly id: string;
  readonly version: string;
  readonly name: string;
  readonly capabilities: readonly CapabilityBlock[];
}
