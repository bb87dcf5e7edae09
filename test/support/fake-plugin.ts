import type { Manifest } from '@voxhost/sdk';

/** What a fake plugin does otherwise than its manifest promises: source text, so that it can do anything. */
export interface FakePluginParts {
  /** Runs when the module is imported. */
  readonly onImport?: string;
  readonly id?: string;
  readonly version?: string;
  readonly abi?: string;
  /** Body of `activate(context)`; `backend` is the one that would be right. */
  readonly activate?: string;
}

/** Source of a plugin module that keeps its manifest's word, but for the given parts. */
export function pluginSource(manifest: Manifest, parts: FakePluginParts = {}): string {
  const { min, max } = manifest.abi;
  return `${parts.onImport ?? ''}
const backend = {
  name: ${JSON.stringify(manifest.name)},
  capabilities: ${JSON.stringify(manifest.capabilities)},
  supports: () => ({ ok: true, memory: { prepare: 0, run: 0 } }),
  prepare: async () => ({ run: async () => ({}), [Symbol.asyncDispose]: async () => {} }),
  [Symbol.asyncDispose]: async () => { globalThis.fakePluginDisposals = (globalThis.fakePluginDisposals ?? 0) + 1; },
};
export default {
  id: ${JSON.stringify(parts.id ?? manifest.id)},
  version: ${JSON.stringify(parts.version ?? manifest.version)},
  abi: ${parts.abi ?? JSON.stringify({ min, max })},
  async activate(context) { ${parts.activate ?? 'return backend;'} },
};
`;
}
