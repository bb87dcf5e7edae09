import { BOUNDARY_KINDS } from '../../boundary.js';
import type { CapabilityBlock } from '../../capabilities.js';
import { matchCapabilities } from '../../capability-match.js';
import { MAP_SHAPES } from '../../index-map.js';
import { INTERPOLATORS } from '../../interpolator.js';
import type { Metric, Operation, Resample } from '../../operation.js';
import { PIXEL_TYPES } from '../../pixel-type.js';
import { boundaryOf, type Claims, everyday, type MetricClaims } from '../claims.js';
import { describeOperation } from '../compare.js';
import type { ConformanceCase } from '../conformance-case.js';
import { expect, expectCode } from '../expect.js';
import { metricOperation } from '../metric-trial.js';
import { smallSize } from '../trial.js';
import { noiseImage } from '../trial-images.js';

/** What `supports` says against what the blocks claim. */
export function supportCases(
  claims: Claims,
  capabilities: readonly CapabilityBlock[],
): readonly ConformanceCase[] {
  const variants = claims.dims.flatMap((dims) => resampleVariants(claims, dims));
  return [
    claimedCase('resample', claims.block, variants),
    unclaimedCase('resample', capabilities, variants),
    echoCase(capabilities),
  ];
}

/** The same of a metric. */
export function metricSupportCases(
  claims: MetricClaims,
  capabilities: readonly CapabilityBlock[],
): readonly ConformanceCase[] {
  const { block } = claims;
  const variants = claims.dims.flatMap((dims) => metricVariants(claims, dims));
  return [
    claimedCase(block.name, block, variants),
    unclaimedCase(block.name, capabilities, variants),
  ];
}

const claimedCase = (
  name: string,
  block: CapabilityBlock,
  variants: readonly Operation[],
): ConformanceCase => ({
  rule: 'R1',
  name: `${name}: what is claimed is supported, and prepared`,
  async run(backend) {
    for (const operation of variants) {
      if (!matchCapabilities([block], operation).ok) continue;
      const what = describe(operation);
      const support = backend.supports(operation);
      expect(support.ok, `${what} is claimed, but not supported`);
      const { prepare, run } = support.memory;
      expect(prepare >= 0 && run >= 0, `${what} needs ${prepare} and ${run} bytes`);
      await using prepared = await backend.prepare(operation);
      expect(typeof prepared.run === 'function', `${what} was prepared to nothing`);
    }
  },
});

const unclaimedCase = (
  name: string,
  capabilities: readonly CapabilityBlock[],
  variants: readonly Operation[],
): ConformanceCase => ({
  rule: 'R2',
  name: `${name}: what is not claimed is refused, by its axis`,
  async run(backend) {
    for (const operation of variants) {
      if (matchCapabilities(capabilities, operation).ok) continue;
      const what = describe(operation);
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

const describe = (operation: Operation): string =>
  operation.kind === 'resample'
    ? describeOperation(operation)
    : `${operation.name}, ${operation.fixed.pixelType}, ${operation.demand.maps}, ${operation.demand.samples}`;

/** An everyday operation with each value of each axis in turn. */
function resampleVariants(claims: Claims, dims: number): readonly Resample[] {
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
}

function metricVariants(claims: MetricClaims, dims: number): readonly Metric[] {
  const base = metricOperation(claims, dims);
  const over: readonly Partial<Metric>[] = [
    ...MAP_SHAPES.map((map) => ({ demand: { ...base.demand, maps: [map] } })),
    { demand: { ...base.demand, samples: 'points' } },
    { demand: { ...base.demand, samples: 'grid' } },
    { derivative: true },
    { name: 'unheard-of' },
  ];
  const types = PIXEL_TYPES.map((pixelType) => metricOperation(claims, dims, { pixelType }));
  return [...types, ...over.map((change) => ({ ...base, ...change }))];
}
