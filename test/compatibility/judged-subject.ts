import assert from 'node:assert/strict';
import type { LibraryRequirement, Manifest, Target } from '@voxhost/sdk';
import { memorySource } from '#host/binary/byte-view.js';
import { parseBinary } from '#host/binary/parse-binary.js';
import { judge } from '#host/compatibility/judge.js';
import type { LibraryFacts } from '#host/compatibility/library-facts.js';
import type { MachineFacts } from '#host/compatibility/machine-facts.js';
import { DEFAULT_POLICY, type Policy } from '#host/compatibility/policy.js';
import type { FileState, Subject } from '#host/compatibility/subject.js';
import { STAGES } from '#host/verdict.js';
import { buildElf } from '../support/binary-builder.js';
import { machineOf } from '../support/machine.js';
import { bytesOf, manifestOf } from '../support/manifest-builder.js';

export const SHA = 'a'.repeat(64);
export const file: FileState = {
  kind: 'file',
  size: 10,
  mtimeMs: 0,
  ino: 1,
  uid: 0,
  mode: 0o644,
  sha256: SHA,
};

export interface Given {
  readonly target?: Partial<Target>;
  readonly manifest?: Partial<Manifest>;
  readonly machine?: Partial<MachineFacts>;
  readonly policy?: Partial<Policy>;
  readonly subject?: Partial<Subject>;
}

export const addonTarget: Target = {
  os: 'linux',
  cpu: 'x64',
  libc: 'glibc',
  entry: { type: 'node-addon', path: 'a.node', napi: 8 },
  files: [{ path: 'a.node', size: 10, sha256: SHA }],
};
const goodAddon = parseBinary(memorySource(buildElf({ exports: ['napi_register_module_v1'] })));
export const nothingNeeded = { missing: [], versions: [], unknown: [], reached: [] };

export function judged({
  target = {},
  manifest = {},
  machine = {},
  policy = {},
  subject = {},
}: Given) {
  const bytes = bytesOf(manifestOf({ targets: [{ ...addonTarget, ...target }], ...manifest }));
  return judge(
    {
      path: '/p/org.example.fake.plugin.json',
      layer: 4,
      located: { ok: true, bytes },
      files: new Map([['a.node', file]]),
      unlisted: [],
      signature: { outcome: 'not-checked', reason: 'not signed' },
      binaries: new Map([['a.node', goodAddon]]),
      preflights: new Map([['a.node', nothingNeeded]]),
      libraries: new Map(),
      ...subject,
    },
    machineOf(machine),
    { ...DEFAULT_POLICY, ...policy },
  );
}

export function verdictOf(given: Given = {}): string {
  const { verdict } = judged(given);
  if (verdict.severity !== 'ok' && verdict.severity !== 'info')
    assert.ok(verdict.fix.length > 0, 'every refusal has a way out');
  if (verdict.severity !== 'ok') assert.notDeepEqual(verdict.evidence, {});
  return `${STAGES[verdict.stage]}: ${verdict.verdict}`;
}

export const cases = (
  rows: readonly (readonly [name: string, given: Given, verdict: string])[],
) => {
  for (const [name, given, expected] of rows)
    it(`${name}: ${expected}`, () => assert.equal(verdictOf(given), expected));
};

export const good = 'require: compatible';

/** The same facts for every requirement. */
export class Facts extends Map<LibraryRequirement, LibraryFacts> {
  readonly #facts: LibraryFacts;
  constructor(facts: LibraryFacts) {
    super();
    this.#facts = facts;
  }
  override get(): LibraryFacts {
    return this.#facts;
  }
}
