import type { Manifest } from '@voxhost/sdk';
import { manifestOf } from './manifest-builder.js';
import { fullCapabilities } from './process-plugin.js';
import type { TemporaryFolder } from './temporary-folder.js';

/** JavaScript of a plugin, of which what is not said is as it should be. */
export interface WrittenPlugin {
  /** Before everything else. */
  readonly top?: string;
  /** Body of `activate(context)`, before it answers the backend. */
  readonly activate?: string;
  /** Body of `prepare(operation, signal)`, before it answers. */
  readonly prepare?: string;
  /** Body of `run(map, run)`; \`serve()\` is the right answer: the source, in the buffer given. */
  readonly run?: string;
  readonly dispose?: string;
  /** Body of `supports(operation)`. */
  readonly supports?: string;
  /** What it says of the contract's versions. */
  readonly abi?: string;
}

/**
 * Writes a plugin that answers every resample with its source, and every metric with 0, but for what is written
 * otherwise. Gives the manifest's path.
 */
export function writePlugin(
  folder: TemporaryFolder,
  plugin: WrittenPlugin,
  changes: Partial<Manifest> = {},
): string {
  const { top = '', activate = '', prepare = '', run = 'return serve();', dispose = '' } = plugin;
  const { supports = 'return { ok: true, memory: { prepare: 0, run: 0 } };' } = plugin;
  const { abi = '{ min: 1, max: 1 }' } = plugin;
  const manifest = manifestOf({ capabilities: fullCapabilities(), ...changes });
  const { id, version, name, capabilities } = manifest;
  folder.write(
    'plugin.mjs',
    `${top}
const { id, version, name, capabilities } = ${JSON.stringify({ id, version, name, capabilities })};
const activate = async (context) => {
  ${activate}
  return {
    name, capabilities,
    supports: (operation) => { ${supports} },
    prepare: async (operation, signal) => {
      const { source } = operation;
      ${prepare}
      return {
        run: async (map, asked) => {
          const serve = (into = asked.into) => {
            if (operation.kind === 'metric') return { value: 0, samples: 1 };
            into ??= new source.data.constructor(source.data.length);
            into.set(source.data);
            return { data: into };
          };
          ${run}
        },
        [Symbol.asyncDispose]: async () => {},
      };
    },
    [Symbol.asyncDispose]: async () => { ${dispose} },
  };
};
export default { id, version, abi: ${abi}, activate };
`,
  );
  return folder.write(`${id}.plugin.json`, JSON.stringify(manifest));
}
