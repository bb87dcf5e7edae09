import type { ApplyPendingTransform } from '../lazy/transform.js';

/** Applies what is pending, of all entries or of these keys. */
export const applyPending = (keys?: readonly string[]): ApplyPendingTransform =>
  Object.freeze({ kind: 'apply-pending', name: 'ApplyPending', params: {}, ...(keys && { keys }) });
