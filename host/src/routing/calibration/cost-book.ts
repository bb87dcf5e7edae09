import type { CapabilityBlock, Cost } from '@voxhost/sdk';
import type { PredictionError } from './prediction-error.js';

/** Measured costs of one plugin on one machine. */
export interface CalibratedPlugin {
  /** Of the plugin's files and this machine: another one and the costs are stale. */
  readonly fingerprint: string;
  /** ISO 8601. */
  readonly measuredAt: string;
  /** In the order of the manifest's capability blocks; null where a block could not be measured. */
  readonly blocks: readonly (CalibratedBlock | null)[];
}

export interface CalibratedBlock {
  readonly cost: Cost;
  readonly error: PredictionError;
}

/** What was measured on this machine, by plugin id. */
export type CostBook = Readonly<Record<string, CalibratedPlugin>>;

/** Capability blocks with measured costs instead of the manifest's, where the fingerprint still holds. Pure. */
export function withCalibratedCosts(
  blocks: readonly CapabilityBlock[],
  calibrated: CalibratedPlugin | undefined,
  fingerprint: string | undefined,
): { readonly blocks: readonly CapabilityBlock[]; readonly basis: 'manifest' | 'calibrated' } {
  const holds =
    calibrated !== undefined &&
    calibrated.fingerprint === fingerprint &&
    calibrated.blocks.length === blocks.length;
  if (!holds) return { blocks, basis: 'manifest' };
  const measured = blocks.map((block, n) => {
    const cost = calibrated.blocks[n]?.cost;
    return cost === undefined ? block : { ...block, cost };
  });
  return { blocks: measured, basis: 'calibrated' };
}

/** A cost book from a file's text; a damaged one is an empty one, since it can be measured again. Pure. */
export function parseCostBook(text: string): CostBook {
  try {
    const parsed: unknown = JSON.parse(text);
    return isRecord(parsed) && isRecord(parsed['plugins']) ? onlyWhole(parsed['plugins']) : {};
  } catch {
    return {};
  }
}

export const formatCostBook = (book: CostBook): string =>
  `${JSON.stringify({ version: 1, plugins: book }, null, 2)}\n`;

function onlyWhole(plugins: Record<string, unknown>): CostBook {
  const whole = Object.entries(plugins).filter(([, plugin]) => isCalibratedPlugin(plugin));
  return Object.fromEntries(whole) as CostBook;
}

function isCalibratedPlugin(value: unknown): value is CalibratedPlugin {
  if (!isRecord(value) || typeof value['fingerprint'] !== 'string') return false;
  const { blocks } = value;
  return (
    Array.isArray(blocks) && blocks.every((block) => block === null || isCalibratedBlock(block))
  );
}

const COST_FIELDS = ['startMs', 'prepareNsPerVoxel', 'runMs', 'nsPerSample', 'copyGBs'] as const;

function isCalibratedBlock(value: unknown): boolean {
  const cost = isRecord(value) ? value['cost'] : undefined;
  return (
    isRecord(cost) &&
    COST_FIELDS.every((field) => Number.isFinite(cost[field]) && Number(cost[field]) >= 0)
  );
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
