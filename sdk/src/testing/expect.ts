import { type ErrorCode, isVoxhostError, type VoxhostError } from '../errors.js';
import type { Pixels } from '../pixel-type.js';

/** Throws what a backend did wrong. */
export function expect(claim: boolean, message: string): asserts claim {
  if (!claim) throw new Error(message);
}

/** What a promise rejects with; it is wrong to resolve. */
export async function rejection(promise: Promise<unknown>, what: string): Promise<unknown> {
  try {
    await promise;
  } catch (error) {
    return error;
  }
  throw new Error(`${what} resolved, it was to reject`);
}

/** The error of this code with which a promise rejects. */
export async function expectCode<C extends ErrorCode>(
  promise: Promise<unknown>,
  code: C,
  what: string,
): Promise<VoxhostError<C>> {
  const error = await rejection(promise, what);
  if (isVoxhostError(error, code)) return error;
  throw new Error(`${what} was to reject with ${code}, and did with ${String(error)}`, {
    cause: error,
  });
}

/** The same numbers bit for bit, but that NaN equals NaN and 0 equals -0. */
export function expectSame(
  found: ArrayLike<number>,
  expected: ArrayLike<number>,
  what: string,
): void {
  expect(
    found.length === expected.length,
    `${what}: ${found.length} values, not ${expected.length}`,
  );
  for (let i = 0; i < expected.length; i++) {
    const same = found[i] === expected[i] || (Number.isNaN(found[i]) && Number.isNaN(expected[i]));
    expect(same, `${what}: value ${i} is ${found[i]}, not ${expected[i]}`);
  }
}

/** A copy of an input, to show later that nobody wrote it. */
export const snapshot = (data: Pixels): number[] => Array.from(data);
