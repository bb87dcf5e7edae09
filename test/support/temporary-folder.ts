import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

/** A folder of its own for one test, removed with all in it. */
export interface TemporaryFolder extends Disposable {
  readonly path: string;
  /** Writes a file, with the folders it needs; gives its absolute path. */
  write(path: string, content: string | Uint8Array): string;
}

export function temporaryFolder(): TemporaryFolder {
  const path = mkdtempSync(join(tmpdir(), 'voxhost-test-'));
  return {
    path,
    write(name, content) {
      const file = join(path, name);
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(file, content);
      return file;
    },
    [Symbol.dispose]: () => rmSync(path, { recursive: true, force: true }),
  };
}

/** A folder in a folder; it goes with it. */
export const below = (folder: TemporaryFolder, name: string): TemporaryFolder => ({
  path: join(folder.path, name),
  write: (path, content) => folder.write(join(name, path), content),
  [Symbol.dispose]: () => undefined,
});
