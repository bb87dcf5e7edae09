import { BOUNDARY_KINDS } from '../../boundary.js';
import type { CapabilityBlock } from '../../capabilities.js';
import { matchCapabilities } from '../../capability-match.js';
import { MAP_SHAPES } from '../../index-map.js';
import { INTERPOLATORS } from '../../interpolator.js';
import type { Resample } from '../../operation.js';
import { PIXEL_TYPES } from '../../pixel-type.js';
import { boundaryOf, type Claims, everyday } from '../claims.js';
import { describeOperation } from '../compare.js';
import type { ConformanceCase } from '../conformance-case.js';
import { expect, expectCode } from '../expect.js';
import { smallSize } from '../trial.js';
import { noiseImage } from '../trial-images.js';

/** What `supports` says against what the blocks claim. */
export function supportCases(
  claims: Claims,
  capabilities: readonly CapabilityBlock[],
): readonly ConformanceCase[] {
  return [claimedCase(claims), unclaimedCase(claims, capabilities), echoCase(capabilities)];
}

const claimedCase = (claims: Claims): ConformanceCase => ({
  rule: 'R1',
  name: 'what is claimed is supported, and prepared',
  async run(backend) {
    for (const operation of variants(claims)) {
      const support = backend.supports(operation);
      if (!matchCapabilities([claims.block], operation).ok) continue;
      const what = describeOperation(operation);
      expect(support.ok, `${what} is claimed, but not supported`);
      const { prepare, run } = support.memory;
      expect(prepare >= 0 && run >= 0, `${what} needs ${prepare} and ${run} bytes`);
      await using prepared = await backend.prepare(operation);
      expect(typeof prepared.run === 'function', `${what} was prepared to nothing`);
    }
  },
});

const unclaimedCase = (
  claims: Claims,
  capabilities: readonly CapabilityBlock[],
): ConformanceCase => ({
  rule: 'R2',
  name: 'what is not claimed is refused, by its axis',
  async run(backend) {
    for (const operation of variants(claims)) {
      const match = matchCapabilities(capabilities, operation);
      if (match.ok) continue;
      const what = describeOperation(operation);
      const support = backend.supports(operation);
      expect(!support.ok, `${what} is supported, but not claimed`);
      expect(support.reason.length > 0, `${what} is refused without a reason`);
      const error = await expectCode(backend.prepare(operation), 'UNSUPPORTED', what);
      const { axis } = error.fields;
      expect(axis === support.axis, `${what}: prepare names ${axis}, supports ${support.axis}`);
    }
  },
});

const echoCase = (capabilities: readonly CapabilityBlock[]): ConformanceCase => ({
  rule: 'R1',
  name: 'capabilities are plain data, the same from every instance',
  async run(backend) {
    const own = JSON.stringify(backend.capabilities);
    expect(own === JSON.stringify(capabilities), 'another instance claims something else');
  },
});

/** An everyday operation, and it with each value of each axis in turn. */
function variants(claims: Claims): readonly Resample[] {
  return claims.dims.flatMap((dims) => {
    const source = noiseImage(claims.pixelTypes[0], smallSize(dims));
    const base = everyday(claims, source);
    const over: readonly Partial<Resample>[] = [
      ...INTERPOLATORS.map((interpolator) => ({ interpolator })),
      ...BOUNDARY_KINDS.map((kind) => ({ boundary: boundaryOf(kind) })),
      ...PIXEL_TYPES.map((pixelType) => ({ pixelType })),
      ...PIXEL_TYPES.map((type) => ({ source: noiseImage(type, smallSize(dims)) })),
      ...MAP_SHAPES.map((map) => ({ demand: { ...base.demand, maps: [map] } })),
      { demand: { ...base.demand, samples: 'points' } },
      { demand: { ...base.demand, samples: 'grid' } },
      { gradient: true },
    ];
    return over.map((change) => ({ ...base, ...change }));
  });
}
