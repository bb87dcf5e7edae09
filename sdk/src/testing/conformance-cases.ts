import type { CapabilityBlock } from '../capabilities.js';
import { agreementCases } from './cases/agreement.js';
import { bufferCases } from './cases/buffers.js';
import { disposalCases } from './cases/disposal.js';
import { gradientCases } from './cases/gradient.js';
import { runCases } from './cases/runs.js';
import { samplingCases } from './cases/sampling.js';
import { supportCases } from './cases/support.js';
import { valueCases } from './cases/values.js';
import { claimsOf, resampleBlocks } from './claims.js';
import type { ConformanceCase } from './conformance-case.js';

/**
 * Every rule of the contract on every claim of a backend. What is not claimed makes no case; what is, does,
 * block by block: a product that a block writes down is tried as a product.
 */
export function conformanceCases(
  capabilities: readonly CapabilityBlock[],
): readonly ConformanceCase[] {
  const blocks = resampleBlocks(capabilities).map(claimsOf);
  return blocks.flatMap((claims, n) => {
    const cases = [
      ...supportCases(claims, capabilities),
      ...agreementCases(claims),
      ...samplingCases(claims),
      ...valueCases(claims),
      ...gradientCases(claims),
      ...runCases(claims),
      ...bufferCases(claims),
      ...disposalCases(claims),
    ];
    if (blocks.length === 1) return cases;
    return cases.map((one) => ({ ...one, name: `${one.name} (resample block ${n + 1})` }));
  });
}
