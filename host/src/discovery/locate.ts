import { MANIFEST_BYTES } from '../compatibility/manifest-shape.js';
import type { Refusal } from '../compatibility/outcome.js';
import type { Subject } from '../compatibility/subject.js';
import type { FileFacts, PluginSource } from './plugin-source.js';

/** Stage 0: looks at a manifest without following links and without opening what is no regular file, then reads it. */
export async function locate(source: PluginSource, path: string): Promise<Subject['located']> {
  try {
    const refusal = refuse(path, await source.stat(path));
    if (refusal !== undefined) return { ok: false, refusal };
    return { ok: true, bytes: await source.read(path, MANIFEST_BYTES) };
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

/** A file that is too large is not opened; one byte more than allowed would be malformed, a giant is no manifest at all. */
function refuse(path: string, facts: FileFacts | undefined): Refusal | undefined {
  if (facts === undefined) return unreadable(path, 'a file', 'nothing');
  if (facts.kind === 'link')
    return {
      stage: 'locate',
      verdict: 'untrusted',
      evidence: { expected: 'a regular file', found: 'a link', where: path },
      fix: [{ text: `replace the link ${path} by the file it points to` }],
    };
  if (facts.kind !== 'file')
    return unreadable(
      path,
      'a regular file',
      facts.kind === 'directory' ? 'a folder' : 'a device or pipe',
    );
  if (facts.size <= MANIFEST_BYTES) return undefined;
  return {
    stage: 'decode',
    verdict: 'malformed',
    evidence: {
      expected: `at most ${MANIFEST_BYTES} bytes`,
      found: `${facts.size} bytes`,
      where: path,
    },
    fix: [{ text: `shorten ${path}` }],
  };
}
