import type { Manifest, Target } from '@voxhost/sdk';
import type { FileFacts } from '../discovery/plugin-source.js';
import type { MachineFacts } from './machine-facts.js';
import type { Refusal } from './outcome.js';
import type { Policy } from './policy.js';

/** Files below a plugin's root by their manifest path, as far as they were looked at; undefined: nothing there. */
export type FileTable = ReadonlyMap<string, FileFacts | undefined>;

/** What was found of one plugin: everything that a verdict needs, as data. */
export interface Subject {
  /** Of the manifest. */
  readonly path: string;
  readonly layer: number;
  /** The manifest's bytes, or why stage 0 refuses them. */
  readonly located:
    | { readonly ok: true; readonly bytes: Uint8Array }
    | { readonly ok: false; readonly refusal: Refusal };
  readonly files: FileTable;
}

/** What each stage sees once the manifest is read. */
export interface StageInput {
  readonly manifest: Manifest;
  readonly path: string;
  readonly layer: number;
  readonly files: FileTable;
  readonly machine: MachineFacts;
  readonly policy: Policy;
}

/** Stages 6 to 10 judge each target. */
export interface TargetInput extends StageInput {
  readonly target: Target;
}
