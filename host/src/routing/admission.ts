import { type Support, VoxhostError } from '@voxhost/sdk';

/**
 * Refuses, before anything is allocated, what a backend says it needs and this machine has not left.
 * Throws `OUT_OF_MEMORY`. What a device has left, its backend says by `supports`.
 */
export function requireMemory(
  backend: string,
  { memory }: Support & { readonly ok: true },
  availableBytes: number,
): void {
  const bytes = memory.prepare + memory.run;
  if (bytes > availableBytes) throw new VoxhostError('OUT_OF_MEMORY', { backend, bytes });
}
