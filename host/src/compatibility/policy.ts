import type { IdPattern } from './id-pattern.js';

/** Patterns and who gave them. */
export interface PolicyPatterns {
  readonly value: readonly IdPattern[];
  readonly origin: string;
}

/** A plugin that failed too often, held back until its circumstances or the time change. */
export interface Quarantine {
  /** Of the circumstances in which it failed; others release it. */
  readonly fingerprint: string;
  /** Milliseconds since 1970. */
  readonly until: number;
  readonly reason: string;
}

/** A version that a lock file goes for. */
export interface Pin {
  readonly version: string;
  /** Of the manifest, lower-case hex; absent: any bytes of that version. */
  readonly sha256?: string;
  /** The lock file. */
  readonly origin: string;
}

/** What the user and the administrator allow: plain data. */
export interface Policy {
  /** Layers whose manifests may be unsealed or have a `root` other than `.`. */
  readonly unsealedLayers: readonly number[];
  /** Only these ids; beats `disable`. */
  readonly select?: PolicyPatterns;
  readonly disable?: PolicyPatterns;
  /** Ids that the user disabled for good. */
  readonly disabled: readonly string[];
  /** By id. A pinned version goes before others of its layer; other bytes of it are refused. */
  readonly pins?: ReadonlyMap<string, Pin>;
  /** By id. */
  readonly quarantined: Readonly<Record<string, Quarantine>>;
  /** Digest of the sealed manifest that the user trusts to run in this process, by id. */
  readonly trusted: Readonly<Record<string, string>>;
  /** SPDX identifiers; absent: every licence. */
  readonly licences?: readonly string[];
  /** `verified`: only plugins signed by a trusted key. Default `any`. */
  readonly signatures: 'any' | 'verified';
  /** Keys as manifests write them, `ed25519:...`. */
  readonly trustedKeys: readonly string[];
  /** Users whose files are as good as the host's own: root, this user, the owner of the host. Absent where files have no owner. */
  readonly trustedOwners?: readonly number[];
  /** Milliseconds since 1970. */
  readonly now: number;
}

export const DEFAULT_POLICY: Policy = {
  unsealedLayers: [1, 7],
  disabled: [],
  quarantined: {},
  trusted: {},
  signatures: 'any',
  trustedKeys: [],
  now: 0,
};
