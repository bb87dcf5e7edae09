import { VoxhostError } from '@voxhost/sdk';

/**
 * Which plugin waits for which at this moment. Two that would wait for each other, at however many removes, would
 * both be found hanging half a minute later: the request that closes the ring is refused instead.
 *
 * A plugin that serves several calls at once waits, for this purpose, with all of them: that another of its calls
 * could still be served is not known here, and a refused request only goes to the next candidate.
 */
export class WaitGraph {
  /** By the plugin that waits: those that it waits for, with the number of its requests there. */
  readonly #waits = new Map<string, Map<string, number>>();

  /**
   * Does the work for which a plugin, or the user where there is no `asker`, waits for another plugin. Rejects with
   * `UNSUPPORTED` where that one waits for the asker.
   */
  async during<T>(
    asker: string | undefined,
    asked: string,
    work: () => Promise<T>,
  ): Promise<Awaited<T>> {
    if (asker === undefined) return await work();
    const ring = this.#path(asked, asker);
    if (ring !== undefined) throw inARing(asker, asked, ring);
    this.#count(asker, asked, 1);
    try {
      return await work();
    } finally {
      this.#count(asker, asked, -1);
    }
  }

  #count(asker: string, asked: string, change: 1 | -1): void {
    const waits = this.#waits.get(asker) ?? new Map<string, number>();
    const open = (waits.get(asked) ?? 0) + change;
    if (open > 0) waits.set(asked, open);
    else waits.delete(asked);
    if (waits.size > 0) this.#waits.set(asker, waits);
    else this.#waits.delete(asker);
  }

  /** From one plugin over those that it waits for to another. */
  #path(
    from: string,
    to: string,
    seen: ReadonlySet<string> = new Set(),
  ): readonly string[] | undefined {
    if (from === to) return [to];
    if (seen.has(from)) return undefined;
    for (const next of this.#waits.get(from)?.keys() ?? []) {
      const rest = this.#path(next, to, new Set([...seen, from]));
      if (rest !== undefined) return [from, ...rest];
    }
    return undefined;
  }
}

const inARing = (asker: string, asked: string, ring: readonly string[]): VoxhostError =>
  new VoxhostError('UNSUPPORTED', {
    backend: asked,
    axis: 'call',
    reason: `it waits for the one that asks (${[asker, ...ring].join(' -> ')})`,
  });
