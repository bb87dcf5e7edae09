/** Keys that an object must never have: they reach its prototype when it is copied. */
export const isPrototypeKey = (key: string): boolean =>
  key === '__proto__' || key === 'constructor' || key === 'prototype';

/** Can the number be what was written: finite, not -0, and exact where it is an integer? */
export const isFaithful = (value: number): boolean =>
  Number.isFinite(value) &&
  !Object.is(value, -0) &&
  (!Number.isInteger(value) || Number.isSafeInteger(value));
