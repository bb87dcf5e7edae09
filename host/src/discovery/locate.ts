import { MANIFEST_BYTES } from '../compatibility/manifest-shape.js';
import type { Refusal } from '../compatibility/outcome.js';
import type { Subject } from '../compatibility/subject.js';
import type { FileFacts, PluginSource } from '../files/plugin-source.js';

/**
 * Stage 0: opens a manifest only where it is a regular file, follows no link, and reads it.
 *
 * @param kind - what its folder said that it is; absent: it is looked at first
 */
export async function locate(
  source: PluginSource,
  path: string,
  kind?: FileFacts['kind'],
): Promise<Subject['located']> {
  try {
    const seen = kind ?? (await source.stat(path))?.kind;
    if (seen === 'link') return { ok: false, refusal: await refuseLink(source, path) };
    if (seen !== 'file') return { ok: false, refusal: noFile(path, seen) };
    const { facts, bytes } = await source.load(path, MANIFEST_BYTES);
    if (bytes === undefined) return { ok: false, refusal: tooLarge(path, facts.size) };
    return { ok: true, bytes, facts };
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return { ok: false, refusal: unreadable(path, 'a file that can be read', reason) };
  }
}

function unreadable(path: string, expected: string, found: string): Refusal {
  return {
    stage: 'locate',
    verdict: 'unreadable',
    evidence: { expected, found, where: path },
    fix: [{ text: `put a readable regular file at ${path}, or remove it` }],
  };
}

/** A link that leads to no regular file could not be read anyway; any other could be pointed elsewhere at any time. */
async function refuseLink(source: PluginSource, path: string): Promise<Refusal> {
  const target = await source.real(path).catch(() => undefined);
  const facts = target === undefined ? undefined : await source.stat(target);
  if (facts?.kind !== 'file') return unreadable(path, 'a regular file', 'a link to none');
  return {
    stage: 'locate',
    verdict: 'untrusted',
    evidence: { expected: 'a regular file', found: `a link to ${target}`, where: path },
    fix: [{ text: `replace the link ${path} by the file it points to` }],
  };
}

/** What is larger than this is no manifest that grew too long, but something else. */
const NO_MANIFEST = 64 * MANIFEST_BYTES;

function noFile(path: string, kind: FileFacts['kind'] | undefined): Refusal {
  if (kind === undefined) return unreadable(path, 'a file', 'nothing');
  const found = kind === 'directory' ? 'a folder' : 'a device, pipe or socket';
  return unreadable(path, 'a regular file', found);
}

function tooLarge(path: string, size: number): Refusal {
  const expected = `at most ${MANIFEST_BYTES} bytes`;
  if (size > NO_MANIFEST) return unreadable(path, expected, `${size} bytes`);
  return {
    stage: 'decode',
    verdict: 'malformed',
    evidence: { expected, found: `${size} bytes`, where: path },
    fix: [{ text: `shorten ${path}` }],
  };
}
