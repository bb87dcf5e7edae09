import type { Manifest } from '@voxhost/sdk';
import { CAPABILITIES } from '@voxhost/sdk/reference/capabilities';
import type { PluginSource } from '../files/plugin-source.js';
import { SEVERITY, STAGES } from '../verdict.js';
import { HOST_ABI, VERSION } from '../version.js';
import type { CatalogueEntry } from './catalogue.js';

/** Path of what is compiled in. */
const BUILTIN_REFERENCE = 'builtin:reference';

const MANIFEST: Manifest = {
  manifest: '1.0',
  id: 'reference',
  name: 'reference',
  version: VERSION,
  displayName: 'Built-in reference',
  license: 'Apache-2.0',
  abi: HOST_ABI,
  engines: { host: VERSION },
  isolation: { supports: ['inline'], default: 'inline', reentrant: true },
  targets: [{ os: '*', cpu: '*', entry: { type: 'builtin', path: 'reference' } }],
  capabilities: CAPABILITIES,
};

/** The oracle of the sdk as an entry: always there, last in precedence. */
export function builtinReference(source: PluginSource): CatalogueEntry {
  const [target] = MANIFEST.targets;
  return {
    layer: 8,
    path: BUILTIN_REFERENCE,
    source,
    manifest: MANIFEST,
    ...(target === undefined ? {} : { target }),
    sealed: true,
    trusted: true,
    verdict: {
      id: MANIFEST.id,
      version: MANIFEST.version,
      verdict: 'ready',
      stage: STAGES.indexOf('handshake'),
      severity: SEVERITY.ready,
      transient: false,
      evidence: {},
      fix: [],
      notes: [],
      unchecked: [],
    },
  };
}
