/** Disposes what it was given, last first, unless the whole was handed on. */
export interface Holder extends Disposable {
  add<T extends Disposable>(resource: T): T;
  /** The caller disposes from now on. */
  handOn(): Disposable;
}

export function createHolder(): Holder {
  let held: Disposable[] = [];
  const disposeAll = (all: readonly Disposable[]): void => {
    for (const resource of all.toReversed()) resource[Symbol.dispose]();
  };
  return {
    add(resource) {
      held.push(resource);
      return resource;
    },
    handOn() {
      const all = held;
      held = [];
      return { [Symbol.dispose]: () => disposeAll(all.splice(0)) };
    },
    [Symbol.dispose]: () => disposeAll(held.splice(0)),
  };
}
