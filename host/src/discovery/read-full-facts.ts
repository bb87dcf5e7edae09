import { isSealed } from '../compatibility/manifest-rules.js';
import type { Policy } from '../compatibility/policy.js';
import { judgeSignature } from '../compatibility/signature.js';
import type { FileTable, Subject } from '../compatibility/subject.js';
import type { DigestCache } from './digest-cache.js';
import { readNativeFacts } from './read-native-facts.js';
import {
  couldFit,
  type LookOptions,
  type PluginFiles,
  type QuickFacts,
  readQuickFacts,
} from './read-quick-facts.js';
import { readUnlisted } from './read-unlisted.js';

/** All facts: every file is read, every library that the loader would take is looked into. Nothing is loaded. */
export async function readFullFacts(
  plugin: PluginFiles,
  options: LookOptions,
): Promise<QuickFacts & Pick<Subject, 'unlisted' | 'signature' | 'binaries' | 'preflights'>> {
  const { manifest } = plugin;
  const quick = await readQuickFacts(plugin, options);
  const here = manifest.targets.filter((target) => couldFit(target, options.machine));
  return {
    ...quick,
    files: await hashFiles(plugin, quick.files, options.cache),
    ...(isSealed(manifest) ? { unlisted: await readUnlisted(plugin) } : {}),
    signature: await readSignature(plugin, options.policy),
    ...(await readNativeFacts(plugin, here, options.machine)),
  };
}

/** Digests of the files that the manifest seals, of those that are as large as they should be. */
async function hashFiles(
  { source, root, manifest }: PluginFiles,
  table: FileTable,
  cache: DigestCache,
): Promise<FileTable> {
  const hashed = new Map(table);
  for (const { path, size } of manifest.targets.flatMap(({ files = [] }) => files)) {
    const facts = hashed.get(path);
    if (facts?.kind !== 'file' || facts.size !== size || facts.sha256 !== undefined) continue;
    const absolute = source.join(root, path);
    const sha256 = await source.digest(absolute).catch(() => undefined);
    // what cannot be read now could not be loaded either
    hashed.set(path, sha256 === undefined ? undefined : { ...facts, sha256 });
    if (sha256 === undefined) continue;
    if (source.kind === 'disk') cache.put(absolute, facts, sha256);
  }
  return hashed;
}

/** Far more than a signature and the name of its key take. */
const SIGNATURE_BYTES = 64 * 1024;

async function readSignature(
  { source, path, bytes, manifest }: PluginFiles,
  { trustedKeys, now }: Policy,
): Promise<NonNullable<Subject['signature']>> {
  const beside = `${path}.sig`;
  const isThere = (await source.stat(beside).catch(() => undefined)) !== undefined;
  const file = isThere
    ? await source.read(beside, SIGNATURE_BYTES).catch(() => new Uint8Array())
    : undefined;
  const question = {
    manifest: bytes,
    file,
    publisherKey: manifest.publisher?.key,
    trustedKeys,
    now,
  };
  if (file === undefined) return judgeSignature(question, () => false);
  const { verifyEd25519 } = await import('../compatibility/verify-ed25519.js');
  return judgeSignature(question, verifyEd25519);
}
