import type { Backend } from '../../backend.js';
import type { BoundaryKind } from '../../boundary.js';
import { MAP_SHAPES } from '../../index-map.js';
import type { Interpolator } from '../../interpolator.js';
import { outputIndices } from '../../map/locate-all.js';
import type { Resample } from '../../operation.js';
import type { PixelType } from '../../pixel-type.js';
import type { Samples } from '../../run.js';
import { boundaryOf, type Claims, everyday, outputTypes, prefer, turnOf } from '../claims.js';
import { describeOperation, expectWithin, openOracle, type Trial } from '../compare.js';
import type { ConformanceCase } from '../conformance-case.js';
import { expect } from '../expect.js';
import { chooses } from '../tolerances.js';
import { labelImage, noiseImage } from '../trial-images.js';
import { trialMaps } from '../trial-maps.js';

/** Per axis: small, prime to each other, one shorter than any kernel. */
const SOURCE = [7, 5, 3];
const OUTPUT = { 2: [9, 5], 3: [5, 3, 4] } as const;

/** Every interpolator × boundary is a case; within it every pixel type × shape of map × dimension is tried. */
export function agreementCases(claims: Claims): readonly ConformanceCase[] {
  return claims.interpolators.flatMap((interpolator) =>
    claims.boundaries.map(
      (kind): ConformanceCase => ({
        rule: chooses({ interpolator }) ? 'R4' : 'R3',
        name: `${interpolator}, ${kind}`,
        async run(backend) {
          for (const dims of claims.dims) {
            for (const [round, pixelType] of claims.pixelTypes.entries()) {
              const operation = operationOf(claims, { interpolator, kind, pixelType, dims });
              await tryMaps(backend, claims, operation, round);
            }
          }
        },
      }),
    ),
  );
}

interface Choice {
  readonly interpolator: Interpolator;
  readonly kind: BoundaryKind;
  readonly pixelType: PixelType;
  readonly dims: number;
}

function operationOf(claims: Claims, { interpolator, kind, pixelType, dims }: Choice): Resample {
  const image = chooses({ interpolator }) ? labelImage : noiseImage;
  const source = image(pixelType, SOURCE.slice(0, dims));
  const boundary = boundaryOf(kind);
  const own = prefer(outputTypes(claims, pixelType), pixelType);
  return everyday(claims, source, { interpolator, boundary, pixelType: own });
}

/** One preparation, maps of every claimed shape, other ones each round, as a block or as points in turn. */
async function tryMaps(
  backend: Backend,
  claims: Claims,
  base: Resample,
  round: number,
): Promise<void> {
  const dims = base.source.grid.size.length;
  const block = { size: dims === 2 ? OUTPUT[2] : OUTPUT[3], start: [-2, 1, 0].slice(0, dims) };
  const operation = { ...base, demand: { ...base.demand, maps: claims.maps } };
  const support = backend.supports(operation);
  expect(support.ok, `claims ${describeOperation(operation)}, but supports it not`);
  await using prepared = await backend.prepare(operation);
  await using oracle = await openOracle(operation, claims.block.numerics);
  const rounds = claims.pixelTypes.length;
  let turn = round;
  for (const shape of MAP_SHAPES.filter((known) => claims.maps.includes(known))) {
    for (const [, map] of turnOf(trialMaps(shape, block, dims), round, rounds)) {
      const kind = claims.samples[turn++ % claims.samples.length];
      const samples: Samples = kind === 'grid' ? block : { points: outputIndices(block, dims) };
      const trial: Trial = { operation, map, samples };
      const { data } = await prepared.run(map, { samples });
      expectWithin(data, await oracle.expected(map, samples), trial);
    }
  }
}
