import type { Context, Metric } from '@voxhost/sdk';
import type { OpenModels } from './model/open-models.js';
import type { ImpactOptions } from './options/options.js';

/** What both modes are prepared from. */
export interface Preparation {
  readonly context: Context;
  readonly operation: Metric;
  readonly options: ImpactOptions;
  readonly models: OpenModels;
  readonly signal: AbortSignal | undefined;
}
