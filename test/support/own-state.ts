import { temporaryFolder } from './temporary-folder.js';

/** Gives the host a state folder of its own for as long as it is held: what one test is blamed for, no other is. */
export function ownState(): Disposable & { readonly path: string } {
  const folder = temporaryFolder();
  const before = process.env['XDG_STATE_HOME'];
  process.env['XDG_STATE_HOME'] = folder.path;
  return {
    path: folder.path,
    [Symbol.dispose]: () => {
      if (before === undefined) delete process.env['XDG_STATE_HOME'];
      else process.env['XDG_STATE_HOME'] = before;
      folder[Symbol.dispose]();
    },
  };
}
