import type { LibraryRequirement, Manifest, Target } from '@voxhost/sdk';
import type { BinaryRead } from '../binary/binary-facts.js';
import type { Preflight } from '../binary/preflight-facts.js';
import type { FileFacts } from '../files/plugin-source.js';
import type { LibraryFacts } from './library-facts.js';
import type { MachineFacts } from './machine-facts.js';
import type { Refusal } from './outcome.js';
import type { Policy } from './policy.js';
import type { SignatureOutcome } from './signature.js';

/** What is known of one file below the root. */
export interface FileState extends FileFacts {
  /** Lower-case hex; absent while nobody read the file. */
  readonly sha256?: string;
}

/** Files below a plugin's root by their manifest path; undefined: nothing is there. */
export type FileTable = ReadonlyMap<string, FileState | undefined>;

/** Something that decides what a plugin's code is, and so must not be in the hands of strangers. */
export interface Guarded {
  readonly path: string;
  readonly uid: number;
  readonly mode: number;
}

/** What was found of each library that a target requires; undefined where it cannot be seen. */
export type LibraryTable = Pick<ReadonlyMap<LibraryRequirement, LibraryFacts | undefined>, 'get'>;

/** What was found of one plugin: everything that a verdict needs, as data. What is absent was not looked at. */
export interface Subject {
  /** Of the manifest. */
  readonly path: string;
  readonly layer: number;
  /** The manifest's bytes, or why stage 0 refuses them. */
  readonly located:
    | { readonly ok: true; readonly bytes: Uint8Array; readonly facts?: FileFacts }
    | { readonly ok: false; readonly refusal: Refusal };
  /** The manifest, its folder and the plugin's root. */
  readonly guarded?: readonly Guarded[] | undefined;
  readonly files: FileTable;
  /** Files of code below the root that no target lists. */
  readonly unlisted?: readonly string[] | undefined;
  readonly signature?: SignatureOutcome | undefined;
  /** Native files by their manifest path. */
  readonly binaries?: ReadonlyMap<string, BinaryRead> | undefined;
  /** What the loader would find, by the manifest path of each native file. */
  readonly preflights?: ReadonlyMap<string, Preflight> | undefined;
  /** Libraries that targets require, as they were found here. */
  readonly libraries?: LibraryTable | undefined;
}

/** What each stage sees once the manifest is read. */
export interface StageInput extends Omit<Subject, 'located'> {
  readonly manifest: Manifest;
  /** SHA-256 of the manifest's bytes, lower-case hex. */
  readonly digest: () => string;
  readonly machine: MachineFacts;
  readonly policy: Policy;
}

/** Stages 6 to 10 judge each target. */
export interface TargetInput extends StageInput {
  readonly target: Target;
}
