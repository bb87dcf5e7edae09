import { mkdir, open, readdir, readFile, rename, rm } from 'node:fs/promises';

/** What installing does to a disk, step by step: a test makes any step fail. */
export interface InstallDisk {
  /** Names in a folder; none where there is no folder. */
  list(folder: string): Promise<readonly string[]>;
  /** Undefined where there is no such file. */
  read(path: string): Promise<Uint8Array | undefined>;
  /** With the folders above it. */
  makeFolder(path: string): Promise<void>;
  /** A new file, on the disk when this resolves. */
  write(path: string, bytes: Uint8Array): Promise<void>;
  rename(from: string, to: string): Promise<void>;
  /** A file or a folder with all that is in it; also where there is none. */
  remove(path: string): Promise<void>;
}

const absent = (error: unknown): boolean => (error as { code?: string }).code === 'ENOENT';

export const realDisk: InstallDisk = {
  list: async (folder) => {
    try {
      return await readdir(folder);
    } catch (error) {
      if (absent(error)) return [];
      throw error;
    }
  },
  read: async (path) => {
    try {
      return await readFile(path);
    } catch (error) {
      if (absent(error)) return undefined;
      throw error;
    }
  },
  makeFolder: async (path) => void (await mkdir(path, { recursive: true })),
  write: async (path, bytes) => {
    const handle = await open(path, 'wx', 0o644);
    try {
      await handle.writeFile(bytes);
      await handle.sync();
    } finally {
      await handle.close();
    }
  },
  rename,
  remove: (path) => rm(path, { recursive: true, force: true }),
};
