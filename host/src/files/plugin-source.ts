import type { ByteSource } from '../binary/byte-view.js';

/** What `lstat` tells of a path, as data. */
export interface FileFacts {
  readonly kind: 'file' | 'directory' | 'link' | 'other';
  readonly size: number;
  readonly mtimeMs: number;
  readonly ino: number;
  readonly uid: number;
  /** Permission bits, as of `stat().mode & 0o7777`. */
  readonly mode: number;
}

/** A name in a folder and what it is, a link not followed. */
export interface FolderEntry {
  readonly name: string;
  readonly kind: FileFacts['kind'];
}

/** One state of a file, from one opening of it. */
export interface WholeFile {
  readonly facts: FileFacts;
  /** Absent where there are more than were asked for. */
  readonly bytes?: Uint8Array;
}

/** Where files of plugins come from: the disk, or the assets of a single executable. Paths are absolute, with `/` in assets. */
export interface PluginSource {
  readonly kind: 'disk' | 'assets';
  /** Path of something below a folder. */
  join(folder: string, ...below: readonly string[]): string;
  /** The folder that holds a path. */
  folderOf(path: string): string;
  /** What is in a folder, in no particular order; undefined where there is no such folder. Rejects where it cannot be read. */
  list(folder: string): Promise<readonly FolderEntry[] | undefined>;
  /** Facts of the path itself, a link not followed; undefined where there is nothing. */
  stat(path: string): Promise<FileFacts | undefined>;
  /** Path with every link resolved. */
  real(path: string): Promise<string>;
  /** At most `limit` bytes; rejects with a HostError `BAD_FILE` where there are more. */
  read(path: string, limit?: number): Promise<Uint8Array>;
  /** The file with its facts, if it has at most `limit` bytes. To be called for what was seen to be a file; rejects where it is none by then. */
  load(path: string, limit: number): Promise<WholeFile>;
  /** SHA-256 of a file of any size, lower-case hex. */
  digest(path: string): Promise<string>;
  /** Opens a file of any size for reading here and there; whoever opens, disposes. */
  open(path: string): Promise<ByteSource & Disposable>;
  /** Where this file can be imported or a worker started from: a file: URL on disk, a data: URL from assets. */
  module(path: string): Promise<URL>;
}
