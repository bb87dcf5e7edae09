import type { Transform } from '../lazy/transform.js';

/** What a schedule needs to know of a transform. */
export interface Scheduled {
  readonly name: string;
  readonly kind: Transform['kind'];
  readonly lazy?: boolean | null;
  readonly transforms?: readonly Scheduled[];
}

/** What happens when a transform is met: it is deferred, or what is pending is applied first. */
export interface ScheduleEvent {
  readonly action: 'accumulate' | 'apply';
  /** Operations pending before. */
  readonly pending: number;
  readonly name: string;
}

/** What happens when transforms are met one after the other. */
export interface Schedule {
  readonly events: readonly ScheduleEvent[];
  /** Times that pending operations are applied. */
  readonly resamples: number;
}

/** Is a transform deferred? `null` leaves it to its own `lazy`. */
export const isDeferred = (transform: Scheduled, lazy: boolean | null): boolean =>
  transform.kind !== 'apply-pending' && (lazy ?? transform.lazy ?? false);

/** What would happen, decided without data. Containers are no events: what they hold stays fused. */
export function schedule(transforms: readonly Scheduled[], lazy: boolean | null): Schedule {
  const events: ScheduleEvent[] = [];
  let [pending, resamples] = [0, 0];
  const apply = (): void => {
    if (pending > 0) resamples++;
    pending = 0;
  };
  const visit = (transform: Scheduled, inherited: boolean | null): void => {
    if (transform.kind === 'container') {
      const inside = transform.lazy === undefined ? inherited : transform.lazy;
      for (const held of transform.transforms ?? []) visit(held, inside);
      return;
    }
    const deferred = isDeferred(transform, inherited);
    events.push({ action: deferred ? 'accumulate' : 'apply', pending, name: transform.name });
    if (deferred) pending++;
    else apply();
  };
  for (const transform of transforms) visit(transform, lazy);
  apply();
  return { events, resamples };
}
