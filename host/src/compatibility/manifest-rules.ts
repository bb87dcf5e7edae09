import type { Manifest, Target } from '@voxhost/sdk';
import { compareDotted } from '../dotted-number.js';
import type { Evidence } from '../verdict.js';
import type { Path } from './check-shape.js';
import { hasUpperBound, parseRange } from './engine-range.js';

/** A rule between fields that a manifest breaks. */
export interface BrokenRule {
  readonly path: Path;
  readonly evidence: Pick<Evidence, 'expected' | 'found'>;
}

/** The first broken rule that a shape cannot state; undefined for a manifest that means something. */
export function ruleBroken(manifest: Manifest): BrokenRule | undefined {
  return (
    abiRule(manifest) ??
    hostRangeRule(manifest) ??
    rangesRule(manifest) ??
    isolationRule(manifest) ??
    firstOf(manifest.targets, targetRule) ??
    firstOf(manifest.targets, driverRule) ??
    sealRule(manifest)
  );
}

const broken = (path: Path, expected: string, found: string): BrokenRule => ({
  path,
  evidence: { expected, found },
});

function firstOf<T>(
  members: readonly T[] | undefined,
  rule: (member: T, index: number) => BrokenRule | undefined,
): BrokenRule | undefined {
  for (let index = 0; index < (members?.length ?? 0); index++) {
    const found = rule(members?.[index] as T, index);
    if (found !== undefined) return found;
  }
  return undefined;
}

function abiRule({ abi }: Manifest): BrokenRule | undefined {
  if (abi.min <= abi.max) return undefined;
  return broken(['abi'], 'min not above max', `${abi.min} to ${abi.max}`);
}

function hostRangeRule({ engines }: Manifest): BrokenRule | undefined {
  const host = parseRange(engines.host);
  if (!host.ok || hasUpperBound(host.range)) return undefined;
  return broken(['engines', 'host'], 'a range with an upper bound: "^1.2"', engines.host);
}

function rangesRule({ engines, dependsOn, conflicts, targets }: Manifest): BrokenRule | undefined {
  return (
    rangeRule(engines.host, ['engines', 'host']) ??
    rangeRule(engines.node, ['engines', 'node']) ??
    firstOf(dependsOn, ({ version }, i) => rangeRule(version, ['dependsOn', i, 'version'])) ??
    firstOf(conflicts, ({ version }, i) => rangeRule(version, ['conflicts', i, 'version'])) ??
    firstOf(targets, targetRanges)
  );
}

function targetRanges({ requires }: Target, index: number): BrokenRule | undefined {
  if (requires === undefined) return undefined;
  const at: Path = ['targets', index, 'requires'];
  return (
    firstOf(requires.libraries, ({ version }, i) =>
      rangeRule(version, [...at, 'libraries', i, 'version']),
    ) ??
    firstOf(requires.devices, ({ computeCapability }, i) =>
      rangeRule(computeCapability, [...at, 'devices', i, 'computeCapability']),
    )
  );
}

function rangeRule(range: string | undefined, path: Path): BrokenRule | undefined {
  const parsed = range === undefined ? undefined : parseRange(range);
  if (parsed === undefined || parsed.ok) return undefined;
  return broken(path, 'a range of versions', `"${range}", which ${parsed.reason}`);
}

function isolationRule({ isolation }: Manifest): BrokenRule | undefined {
  if (isolation === undefined || isolation.supports.includes(isolation.default)) return undefined;
  return broken(
    ['isolation', 'default'],
    `one of ${isolation.supports.join(', ')}`,
    isolation.default,
  );
}

function targetRule(target: Target, index: number): BrokenRule | undefined {
  const { entry } = target;
  const at: Path = ['targets', index];
  if (entry.type === 'node-addon' && entry.napi === undefined)
    return broken([...at, 'entry', 'napi'], 'the Node-API version of a node-addon', 'nothing');
  const isNative = entry.type === 'node-addon' || entry.type === 'exec';
  if (isNative && target.os === 'linux' && target.libc === undefined)
    return broken([...at, 'libc'], 'the C library of native code on Linux, or "*"', 'nothing');
  if (entry.type === 'node-addon' && (target.os === '*' || target.cpu === '*'))
    return broken(at, 'one os and one cpu for a node-addon', `${target.os}-${target.cpu}`);
  return undefined;
}

/** What is enough for fewer features cannot be newer than what is enough for all. */
const driverRule = ({ requires }: Target, index: number): BrokenRule | undefined =>
  firstOf(requires?.drivers, ({ min, compatMin }, i) =>
    compatMin === undefined || (compareDotted(compatMin, min) ?? 1) <= 0
      ? undefined
      : broken(
          ['targets', index, 'requires', 'drivers', i, 'compatMin'],
          `a version not above min ${min}`,
          compatMin,
        ),
  );

/** Sealed means every file of every target, each once, the entry and the probe among them. */
function sealRule({ targets }: Manifest): BrokenRule | undefined {
  const isSealed = targets.some(({ files }) => files !== undefined);
  if (!isSealed) return undefined;
  return firstOf(targets, ({ files, entry, probe }, index) => {
    if (files === undefined)
      return broken(['targets', index, 'files'], 'files in every target, or in none', 'nothing');
    const paths = files.map(({ path }) => path);
    const twice = firstTwin(paths);
    if (twice !== undefined)
      return broken(
        ['targets', index, 'files'],
        'each file once, also where case does not count',
        `${twice} twice`,
      );
    const needed = [entry.path, ...(probe === undefined ? [] : [probe.path])];
    const unlisted = needed.find((path) => entry.type !== 'builtin' && !paths.includes(path));
    if (unlisted === undefined) return undefined;
    return broken(['targets', index, 'files'], `${unlisted} among the files`, 'nothing');
  });
}

/** The first path that some file system takes for one before it: macOS and Windows fold case, macOS composes characters. */
function firstTwin(paths: readonly string[]): string | undefined {
  const seen = new Set<string>();
  for (const path of paths) {
    const folded = path.normalize('NFC').toLowerCase();
    if (seen.has(folded)) return path;
    seen.add(folded);
  }
  return undefined;
}

/** Is every file listed with its size and digest? */
export const isSealed = (manifest: Manifest): boolean =>
  manifest.targets.every(({ files }) => files !== undefined);
