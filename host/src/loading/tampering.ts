// Captured before any plugin runs: a plugin may change these too.
const { defineProperty, deleteProperty, getOwnPropertyDescriptor, ownKeys } = Reflect;
const { is } = Object;

type Shared = readonly [name: string, object: object];

/** Objects that every module of a process shares: what one changes there, all others run into. */
const shared = (): readonly Shared[] => [
  ['Object', Object],
  ['Object.prototype', Object.prototype],
  ['Function.prototype', Function.prototype],
  ['Array', Array],
  ['Array.prototype', Array.prototype],
  ['String.prototype', String.prototype],
  ['Number.prototype', Number.prototype],
  ['Promise', Promise],
  ['Promise.prototype', Promise.prototype],
  ['Map.prototype', Map.prototype],
  ['Set.prototype', Set.prototype],
  ['ArrayBuffer.prototype', ArrayBuffer.prototype],
  ['TypedArray.prototype', Object.getPrototypeOf(Uint8Array.prototype) as object],
  ['JSON', JSON],
  ['Math', Math],
  ['Reflect', Reflect],
];

/** Single properties of objects that change by themselves otherwise. */
const singled = (): readonly (readonly [name: string, object: object, key: string])[] => [
  ['process.stdout', process.stdout, 'write'],
  ['process.stderr', process.stderr, 'write'],
  ['process', process, 'exit'],
  ['Buffer', Buffer, 'poolSize'],
  ...GLOBALS.map((name) => ['globalThis', globalThis, name] as const),
];

/** Names under which modules reach what is shared. */
const GLOBALS = [
  ...(['Object', 'Function', 'Array', 'String', 'Number', 'Promise', 'Map', 'Set'] as const),
  ...(['ArrayBuffer', 'Uint8Array', 'Float32Array', 'JSON', 'Math', 'Reflect'] as const),
];

/** Events whose listeners decide how the process ends. */
const FATAL_EVENTS = [
  ...(['SIGINT', 'SIGTERM', 'SIGHUP', 'uncaughtException', 'unhandledRejection'] as const),
];

/** A property as it was; without a descriptor: it was not there. */
interface Kept {
  readonly name: string;
  readonly object: object;
  readonly key: PropertyKey;
  readonly descriptor: PropertyDescriptor | undefined;
}

/**
 * Keeps what all modules of this process share: the standard objects, the streams' `write`, listeners of fatal
 * events, the working folder.
 *
 * @returns puts back what was changed since, and names it; undefined where nothing was
 */
export function watchTampering(): () => string | undefined {
  const whole = shared().map(([name, object]) => ({ name, object, keys: ownKeys(object) }));
  const kept = keep(whole);
  const listeners = FATAL_EVENTS.map((event) => process.listeners(event as 'SIGINT'));
  const folder = process.cwd();
  return () => {
    const changed = restore(kept, whole);
    for (let at = 0; at < FATAL_EVENTS.length; at++)
      if (removeAdded(FATAL_EVENTS[at] as 'SIGINT', listeners[at] ?? []))
        changed[changed.length] = `the listeners of ${FATAL_EVENTS[at]}`;
    if (process.cwd() !== folder) {
      process.chdir(folder);
      changed[changed.length] = 'the working folder';
    }
    return changed.length === 0 ? undefined : changed.slice(0, MOST_NAMED).join(', ');
  };
}

const MOST_NAMED = 8;

/** All keys that an object had. */
interface Whole {
  readonly name: string;
  readonly object: object;
  readonly keys: readonly PropertyKey[];
}

function keep(whole: readonly Whole[]): readonly Kept[] {
  const kept: Kept[] = [];
  for (const { name, object, keys } of whole)
    for (const key of keys)
      kept.push({ name, object, key, descriptor: getOwnPropertyDescriptor(object, key) });
  for (const [name, object, key] of singled())
    kept.push({ name, object, key, descriptor: getOwnPropertyDescriptor(object, key) });
  return kept;
}

/** Index loops only, until all is as it was: iterators and methods of arrays may be among what was changed. */
function restore(kept: readonly Kept[], whole: readonly Whole[]): string[] {
  const changed: string[] = [];
  for (let at = 0; at < kept.length; at++) {
    const { name, object, key, descriptor } = kept[at] as Kept;
    if (isSame(getOwnPropertyDescriptor(object, key), descriptor)) continue;
    if (descriptor === undefined) deleteProperty(object, key);
    else defineProperty(object, key, descriptor);
    changed[changed.length] = `${name}.${String(key)}`;
  }
  for (let at = 0; at < whole.length; at++) removeAddedKeys(whole[at] as Whole, changed);
  return changed;
}

function removeAddedKeys({ name, object, keys }: Whole, changed: string[]): void {
  const found = ownKeys(object);
  if (found.length === keys.length) return;
  for (let at = 0; at < found.length; at++) {
    const key = found[at] as PropertyKey;
    if (has(keys, key)) continue;
    deleteProperty(object, key);
    changed[changed.length] = `${name}.${String(key)}`;
  }
}

function has(keys: readonly PropertyKey[], key: PropertyKey): boolean {
  for (let at = 0; at < keys.length; at++) if (keys[at] === key) return true;
  return false;
}

function isSame(a: PropertyDescriptor | undefined, b: PropertyDescriptor | undefined): boolean {
  if (a === undefined || b === undefined) return a === b;
  return is(a.value, b.value) && a.get === b.get && a.set === b.set;
}

function removeAdded(event: 'SIGINT', before: readonly NodeJS.SignalsListener[]): boolean {
  let isChanged = false;
  for (const listener of process.listeners(event)) {
    if (before.includes(listener)) continue;
    process.removeListener(event, listener);
    isChanged = true;
  }
  return isChanged;
}
