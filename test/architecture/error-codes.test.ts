import assert from 'node:assert/strict';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ERROR_CODES, type ErrorFields, VoxhostError } from '@voxhost/sdk';
import { EXIT_CODES, HOST_ERROR_CODES, HostError, type HostErrorFields } from 'voxhost';

/** Every field that any error has, with a value that its message must show. */
const FIELDS = {
  path: 'FILE',
  reason: 'REASON',
  remedy: 'REMEDY',
  operation: 'OPERATION',
  backend: 'BACKEND',
  attempts: 'ATTEMPTS',
  next: 'NEXT',
  plugin: 'PLUGIN',
  verdict: 'VERDICT',
  what: 'WHAT',
  field: 'FIELD',
  argument: 'ARGUMENT',
  axis: 'AXIS',
  bytes: 4096,
};

const messages = new Map<string, string>([
  ...HOST_ERROR_CODES.map(
    (code) => [code, new HostError(code, FIELDS as HostErrorFields[typeof code]).message] as const,
  ),
  ...ERROR_CODES.map(
    (code) => [code, new VoxhostError(code, FIELDS as ErrorFields[typeof code]).message] as const,
  ),
]);

/** Source text of packages, by path. */
async function sources(...folders: readonly string[]): Promise<readonly string[]> {
  const texts = await Promise.all(
    folders.map(async (folder) => {
      const entries = await readdir(folder, { recursive: true, withFileTypes: true });
      const files = entries.filter((e) => e.isFile() && e.name.endsWith('.ts'));
      return Promise.all(files.map((e) => readFile(join(e.parentPath, e.name), 'utf8')));
    }),
  );
  return texts.flat();
}

/** Rows of the tables of a README whose first cell is a code, by that code. */
async function rows(readme: string): Promise<ReadonlyMap<string, readonly string[]>> {
  const text = await readFile(readme, 'utf8');
  const cells = text
    .split('\n')
    .filter((line) => /^\| `[A-Z_]+` \|/.test(line))
    .map((line) => line.split('|').map((cell) => cell.trim()));
  return new Map(cells.map((row) => [row[1].replaceAll('`', ''), row.slice(2, -1)]));
}

describe('error codes', () => {
  it("the host's README has each of its codes, with its exit code", async () => {
    const found = await rows('host/README.md');
    assert.deepEqual([...found.keys()].sort(), HOST_ERROR_CODES);
    for (const code of HOST_ERROR_CODES) {
      assert.equal(found.get(code)?.at(-1), String(EXIT_CODES[code]), code);
    }
  });

  it('every message shows its subject, ends with a remedy, and is one line', () => {
    assert.equal(messages.size, HOST_ERROR_CODES.length + ERROR_CODES.length);
    for (const [code, message] of messages) {
      assert.match(message, /; \S.{5,}$|; REMEDY$/, code);
      assert.doesNotMatch(message, /\n|undefined/, code);
    }
  });

  it('the two vocabularies share no code, so a code alone tells an error', () => {
    const shared = HOST_ERROR_CODES.filter((code) =>
      (ERROR_CODES as readonly string[]).includes(code),
    );
    assert.deepEqual(shared, []);
  });

  it('every code is thrown somewhere', async () => {
    const texts = await sources('sdk/src', 'host/src', 'plugins/cpu/src');
    assert.ok(texts.length > 50, `looked at ${texts.length} files only`);
    const unthrown = [...messages.keys()].filter(
      (code) => !texts.some((text) => new RegExp(`Error\\(\\s*'${code}'`).test(text)),
    );
    assert.deepEqual(unthrown, []);
  });
});
