import { isSealed } from '../manifest-rules.js';
import { type Outcome, passed, refused } from '../outcome.js';
import type { StageInput } from '../subject.js';

/** Stage 2, what depends on the layer: only layers that the policy names may hold unsealed manifests or another root. */
export function judgeLayout({ manifest, path, layer, policy }: StageInput): Outcome {
  if (policy.unsealedLayers.includes(layer)) return passed();
  const { root = '.' } = manifest;
  const fix = { text: 'install the packed plugin, which "voxhost plugin pack" makes' };
  if (root !== '.')
    return refused(
      'schema',
      'malformed',
      { expected: `root "." in layer ${layer}`, found: root, where: `${path} root` },
      fix,
    );
  if (isSealed(manifest)) return passed();
  return refused(
    'schema',
    'malformed',
    {
      expected: `a sealed manifest in layer ${layer}: every file with size and sha256`,
      found: 'targets without files',
      where: `${path} targets`,
    },
    fix,
  );
}
