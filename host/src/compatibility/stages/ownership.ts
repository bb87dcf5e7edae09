import { shellQuote } from '../document.js';
import type { Refusal } from '../outcome.js';
import type { Policy } from '../policy.js';
import type { Guarded } from '../subject.js';

/** Layers that come with the host: whoever could change them could change the host. */
const HOSTS_OWN = 7;
/** The machine's plugins serve everybody, so only the administrator may own them. */
const MACHINE = 6;
const ROOT = 0;
const WORLD_WRITABLE = 0o002;

/** Stage 0, on systems whose files have owners: nobody but the trusted may be able to change a plugin. */
export function judgeOwnership(
  guarded: readonly Guarded[],
  layer: number,
  { trustedOwners }: Policy,
): Refusal | undefined {
  if (layer >= HOSTS_OWN || trustedOwners === undefined) return undefined;
  const owners = layer === MACHINE ? [ROOT] : trustedOwners;
  for (const { path, uid, mode } of guarded) {
    if (!owners.includes(uid))
      return untrusted(path, {
        expected: `owned by ${owners.join(' or ')}`,
        found: `owned by ${uid}`,
        command: `chown ${owners[0]} ${shellQuote(path)}`,
      });
    if ((mode & WORLD_WRITABLE) !== 0)
      return untrusted(path, {
        expected: 'writable by its owner only',
        found: `mode ${mode.toString(8)}, writable by everybody`,
        command: `chmod o-w ${shellQuote(path)}`,
      });
  }
  return undefined;
}

function untrusted(
  where: string,
  { expected, found, command }: Readonly<Record<'expected' | 'found' | 'command', string>>,
): Refusal {
  return {
    stage: 'locate',
    verdict: 'untrusted',
    evidence: { expected, found, where },
    fix: [{ text: 'take the right to change it from others', command }],
  };
}
