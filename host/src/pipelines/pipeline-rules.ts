import { PIXEL_TYPES } from '@voxhost/sdk';
import {
  callback,
  finite,
  flag,
  having,
  listOf,
  object,
  oneOf,
  optional,
  type Rule,
  text,
} from '@voxhost/sdk/arguments';
import { CONTAINER, OVERRIDES } from '../lazy/transform-rules.js';
import { RUN_RULES } from '../request-rules.js';
import { ROUTE_RULES } from '../routing/route-rules.js';

export const COMPOSE_RULES = {
  ...CONTAINER,
  shapes: optional(oneOf('real', 'monai')),
  analyse: optional(oneOf('discard', 'keep')),
  cache: optional(having({ get: callback })),
};

const pixelType = optional(oneOf(...PIXEL_TYPES));

/** Whoever routes. */
export const ROUTER: Rule = having({ prepare: callback, explain: callback });

export const PIPELINE_RUN_RULES = {
  ...ROUTE_RULES,
  ...RUN_RULES,
  seed: optional(finite),
  pixelType,
};

const TRACE = having({
  source: having({ grid: object, pixelType: oneOf(...PIXEL_TYPES) }),
  shapes: oneOf('real', 'monai'),
  items: listOf(
    having({ _target_: text, params: object, lazy: flag, overrides: optional(OVERRIDES) }),
  ),
});

export const INVERT_RULES = {
  ...ROUTE_RULES,
  ...RUN_RULES,
  trace: optional(TRACE),
  overrides: optional(OVERRIDES),
  by: optional(oneOf('whole', 'transform')),
  pixelType,
};
