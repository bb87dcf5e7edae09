import type { Backend } from '@voxhost/sdk';
import type { Rule } from '@voxhost/sdk/testing';
import { createSmall, type Parts } from './small-backend.js';

/** The small backend with one thing wrong. */
export interface Fault {
  readonly name: string;
  /** The rule whose case must fail, whatever else does. */
  readonly breaks: Rule;
  create(): Backend;
}

export const fault = (name: string, breaks: Rule, parts: (reference: Backend) => Parts): Fault => ({
  name,
  breaks,
  create: () => createSmall(parts),
});
