/** An array whose memory was given away. */
function detached(): Float64Array {
  const array = new Float64Array(12);
  structuredClone(array.buffer, { transfer: [array.buffer] });
  return array;
}

const trap = () => {
  throw new TypeError('a trap of the test');
};

/** What callers without types pass instead of what is wanted; each call makes it anew. */
export const HOSTILE_VALUES: readonly (() => unknown)[] = [
  () => undefined,
  () => null,
  () => true,
  () => 0,
  () => -1,
  () => 0.5,
  () => Number.NaN,
  () => Number.POSITIVE_INFINITY,
  () => 2 ** 53,
  () => '1',
  () => 'constructor',
  () => [],
  () => [null, null, null],
  () => ['1', '1', '1'],
  () => [Number.NaN, 1, 1],
  () => [2 ** 40, 2 ** 40, 2 ** 40],
  () => new Array(3),
  () => ({}),
  () => Object.create(null),
  () => () => 1,
  () => Symbol('hostile'),
  () => 1n,
  () => new Float32Array(3),
  () => new BigInt64Array(3),
  () => ({ length: 2 ** 40 }),
  detached,
  () => new Date(),
  () => new Proxy({}, { get: trap, has: trap, ownKeys: trap, getOwnPropertyDescriptor: trap }),
];

const isPlain = (value: unknown): value is { readonly [name: string]: unknown } =>
  Array.isArray(value) ||
  (typeof value === 'object' &&
    value !== null &&
    [null, Object.prototype].includes(Object.getPrototypeOf(value) as null));

/** Every path into plain data, its own root first. */
export function pathsInto(value: unknown, path: readonly string[] = []): (readonly string[])[] {
  const inside = isPlain(value) ? Object.entries(value) : [];
  return [path, ...inside.flatMap(([name, member]) => pathsInto(member, [...path, name]))];
}

/** A copy with another value at a path; arrays stay arrays. */
export function withValueAt(
  value: unknown,
  [name, ...rest]: readonly string[],
  put: unknown,
): unknown {
  if (name === undefined) return put;
  const inside = value as { readonly [name: string]: unknown };
  const changed = { ...inside, [name]: withValueAt(inside[name], rest, put) };
  return Array.isArray(value) ? Object.values(changed) : changed;
}
