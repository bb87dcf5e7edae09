import { flag, limit, listOf, oneOf, optional, signal, text } from '@voxhost/sdk/arguments';
import type { RulesOf } from '../request-rules.js';
import type { RouteSettings } from './router.js';

/** What a caller may say of who serves. */
export const ROUTE_RULES: RulesOf<RouteSettings> = {
  backends: optional(listOf(text)),
  fallback: optional(oneOf('allow', 'never')),
  deterministic: optional(flag),
  exclude: optional(listOf(text)),
  asker: optional(text),
  replay: optional(oneOf('allow', 'never')),
  budgetMs: optional(limit),
  signal: optional(signal),
};
