import { MANIFEST_BYTES } from '../compatibility/manifest-shape.js';
import type { Refusal } from '../compatibility/outcome.js';
import type { Subject } from '../compatibility/subject.js';
import type { FileFacts, PluginSource } from './plugin-source.js';

/** Stage 0: looks at a manifest without following links and without opening what is no regular file, then reads it. */
export async function locate(source: PluginSource, path: string): Promise<Subject['located']> {
  try {
    const facts = await source.stat(path);
    const refusal = facts?.kind === 'link' ? await refuseLink(source, path) : refuse(path, facts);
    if (refusal !== undefined) return { ok: false, refusal };
    const bytes = await source.read(path, MANIFEST_BYTES);
    return { ok: true, bytes, ...(facts === undefined ? {} : { facts }) };
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

/** A file that is too large is not opened. */
function refuse(path: string, facts: FileFacts | undefined): Refusal | undefined {
  if (facts === undefined) return unreadable(path, 'a file', 'nothing');
  const { kind, size } = facts;
  if (kind !== 'file')
    return unreadable(
      path,
      'a regular file',
      kind === 'directory' ? 'a folder' : 'a device, pipe or socket',
    );
  if (size <= MANIFEST_BYTES) return undefined;
  const expected = `at most ${MANIFEST_BYTES} bytes`;
  if (size > NO_MANIFEST) return unreadable(path, expected, `${size} bytes`);
  return {
    stage: 'decode',
    verdict: 'malformed',
    evidence: { expected, found: `${size} bytes`, where: path },
    fix: [{ text: `shorten ${path}` }],
  };
}
