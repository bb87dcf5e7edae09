import type { Json } from '@voxhost/sdk';

/** Stable words for the state of a plugin: never renamed, only added. */
export type VerdictWord =
  | 'ready'
  | 'compatible'
  | 'installed'
  | 'shadowed'
  | 'duplicate'
  | 'disabled'
  | 'excluded'
  | 'quarantined'
  | 'untrusted'
  | 'unreadable'
  | 'malformed'
  | 'incompatible-schema'
  | 'incompatible-host'
  | 'incompatible-abi'
  | 'incompatible-node'
  | 'wrong-platform'
  | 'corrupt'
  | 'bad-signature'
  | 'missing-file'
  | 'missing-library'
  | 'library-mismatch'
  | 'driver-too-old'
  | 'missing-hardware'
  | 'busy'
  | 'probe-failed'
  | 'probe-timeout'
  | 'load-failed'
  | 'blocked-by-os'
  | 'contract-violation'
  | 'crashed'
  | 'hung'
  | 'leaking'
  | 'nonconforming'
  | 'dependency-failed'
  | 'dependency-cycle';

/** How loud each word is: `info` is normal on some machines, `warn` can be mended here, `error` needs another plugin or file. */
export const SEVERITY: { readonly [W in VerdictWord]: Verdict['severity'] } = {
  ready: 'ok',
  compatible: 'ok',
  installed: 'ok',
  shadowed: 'info',
  disabled: 'info',
  excluded: 'info',
  'wrong-platform': 'info',
  'missing-hardware': 'info',
  busy: 'warn',
  quarantined: 'warn',
  untrusted: 'warn',
  unreadable: 'warn',
  'incompatible-host': 'warn',
  'incompatible-node': 'warn',
  'missing-library': 'warn',
  'library-mismatch': 'warn',
  'driver-too-old': 'warn',
  'probe-timeout': 'warn',
  leaking: 'warn',
  'dependency-failed': 'warn',
  duplicate: 'error',
  malformed: 'error',
  'incompatible-schema': 'error',
  'incompatible-abi': 'error',
  corrupt: 'error',
  'bad-signature': 'error',
  'missing-file': 'error',
  'probe-failed': 'error',
  'load-failed': 'error',
  'blocked-by-os': 'error',
  'contract-violation': 'error',
  crashed: 'error',
  hung: 'error',
  nonconforming: 'error',
  'dependency-cycle': 'error',
};

export const isVerdictWord = (text: string): text is VerdictWord => Object.hasOwn(SEVERITY, text);

/** Words that may change without anything being changed. */
export const TRANSIENT: readonly VerdictWord[] = [
  'busy',
  'probe-failed',
  'probe-timeout',
  'crashed',
  'hung',
];

/** The steps from a file to a plugin in use, in order; the first failure stops. */
export const STAGES = [
  'locate',
  'decode',
  'schema',
  'identity',
  'policy',
  'engine',
  'target',
  'napi',
  'integrity',
  'preflight',
  'require',
  'probe',
  'handshake',
  'conform',
] as const;

/** A step by its name. */
export type Stage = (typeof STAGES)[number];

/** What was expected, what was found, and where: a file, line and column, a field path or a variable. */
export interface Evidence {
  readonly expected?: Json;
  readonly found?: Json;
  readonly where?: string;
}

/** A way out; the command can be pasted into a shell. */
export interface Fix {
  readonly text: string;
  readonly command?: string;
}

/** Something worth telling that does not stop the plugin: an ignored field, a degraded target. */
export interface Note {
  readonly stage: Stage;
  readonly text: string;
  readonly evidence?: Evidence;
  readonly fix?: readonly Fix[];
}

/** What the host holds of one plugin, and why. */
export interface Verdict {
  /** Undefined where the manifest could not be read so far. */
  readonly id?: string;
  readonly version?: string;
  readonly verdict: VerdictWord;
  /** Number of the stage in `STAGES` that decided. */
  readonly stage: number;
  readonly severity: 'ok' | 'info' | 'warn' | 'error';
  /** May another attempt, without any change, end otherwise? */
  readonly transient: boolean;
  readonly evidence: Evidence;
  readonly fix: readonly Fix[];
  readonly notes: readonly Note[];
  /** Stages that passed only because their check is not built yet, or could not be made. */
  readonly unchecked: readonly Stage[];
}

/** May calls be routed to a plugin with this verdict? */
export const isUsable = (verdict: Verdict): boolean =>
  verdict.verdict === 'ready' || verdict.verdict === 'compatible';
