/** What the host lends to every plugin that it activates. */
export interface Lending {
  /** Most threads that a plugin may compute with. */
  readonly threads: number;
  /** Where npm libraries that users bring are resolved from; read when a plugin is activated. */
  libraryFolders(): Promise<readonly string[]>;
}
