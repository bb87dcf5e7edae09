import type { CapabilityBlock } from '../capabilities.js';
import type { Json } from '../json.js';
import { agreementCases } from './cases/agreement.js';
import { bufferCases } from './cases/buffers.js';
import { disposalCases } from './cases/disposal.js';
import { gradientCases } from './cases/gradient.js';
import { metricRunCases } from './cases/metric-runs.js';
import { metricEdgeCases, metricValueCases } from './cases/metric-values.js';
import { runCases } from './cases/runs.js';
import { samplingCases } from './cases/sampling.js';
import { metricSupportCases, supportCases } from './cases/support.js';
import { valueCases } from './cases/values.js';
import {
  claimsOf,
  metricBlocks,
  metricClaimsOf,
  ownMetricClaims,
  resampleBlocks,
} from './claims.js';
import type { ConformanceCase } from './conformance-case.js';

/**
 * Every rule of the contract on every claim of a backend. What is not claimed makes no case; what is, does,
 * block by block: a product that a block writes down is tried as a product. A metric that the reference does not
 * have makes none, unless its options are given; its values are then not compared.
 *
 * @param ownMetrics - options by the name of the metric
 */
export function conformanceCases(
  capabilities: readonly CapabilityBlock[],
  ownMetrics: Readonly<Record<string, Json>> = {},
): readonly ConformanceCase[] {
  const resamples = resampleBlocks(capabilities)
    .map(claimsOf)
    .map((claims) => [
      ...supportCases(claims, capabilities),
      ...agreementCases(claims),
      ...samplingCases(claims),
      ...valueCases(claims),
      ...gradientCases(claims),
      ...runCases(claims),
      ...bufferCases(claims),
      ...disposalCases(claims),
    ]);
  const metrics = metricBlocks(capabilities)
    .map((block) => metricClaimsOf(block))
    .map((claims) => [
      ...metricSupportCases(claims, capabilities),
      ...metricValueCases(claims),
      ...metricRunCases(claims),
    ]);
  const own = ownMetricClaims(capabilities, ownMetrics).map((claims) => [
    ...metricSupportCases(claims, capabilities),
    ...metricEdgeCases(claims),
    ...metricRunCases(claims),
  ]);
  return [...resamples, ...metrics, ...own].flatMap((cases, n) =>
    n === 0 ? cases : cases.map((one) => ({ ...one, name: `${one.name} (block ${n + 1})` })),
  );
}
