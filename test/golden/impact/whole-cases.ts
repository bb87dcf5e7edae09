import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { createGrid, createImage, type Image, type Json } from '@voxhost/sdk';
import { linear } from '#host/geometry/make-transform.js';
import type { Transform } from '#host/geometry/transform.js';
import { prepareMetric } from '#host/metric/prepared-metric.js';
import type { GoldenCase, GoldenTarget } from '../golden-case.js';
import { readNumbers, requireNear } from './numbers.js';

interface GoldenImage {
  readonly size_xyz: readonly number[];
  readonly origin: readonly number[];
  readonly spacing: readonly number[];
  readonly direction: readonly number[];
  readonly data: string;
}

interface Expected {
  readonly value: number;
  readonly derivative?: readonly number[];
  readonly derivative_center_jacobian?: readonly number[];
  readonly derivative_exact?: readonly number[];
}

interface Mode {
  readonly patch?: readonly number[];
  readonly voxel: readonly number[];
  readonly valid: readonly number[];
  readonly distances: { readonly [name: string]: Expected };
}

interface WholeCase {
  readonly tag: string;
  readonly fixed: GoldenImage;
  readonly moving: GoldenImage;
  readonly transform: {
    /** ITK's layout of the parameters: matrix by rows, then translation. */
    readonly kind?: string;
    readonly center?: readonly number[];
    readonly parameters: readonly number[];
  };
  readonly points: readonly (readonly number[])[];
  readonly model: string;
  readonly jacobian?: Mode;
  readonly static?: Mode;
}

/** float32 networks and maps against float64: as the golden data advises. */
const VALUE = 1e-5;
const DERIVATIVE = 1e-4;

export function wholeCases(folder: string, file: string, content: unknown): readonly GoldenCase[] {
  const list = Array.isArray(content)
    ? content
    : ((content as { cases?: unknown }).cases ?? [content]);
  return (list as readonly WholeCase[]).flatMap((one) =>
    (['jacobian', 'static'] as const).flatMap((mode) =>
      Object.keys(one[mode]?.distances ?? {}).map((distance) => ({
        id: `${file} ${one.tag} ${mode} ${distance}`,
        family: 'whole',
        run: (target: GoldenTarget) => checkWhole({ folder, one, mode, distance }, target),
      })),
    ),
  );
}

interface Check {
  readonly folder: string;
  readonly one: WholeCase;
  readonly mode: 'jacobian' | 'static';
  readonly distance: string;
}

/** Through the host: transform to map, plugin, and back to the transform's own parameters. */
async function checkWhole(check: Check, target: GoldenTarget): Promise<number> {
  const { one, mode, distance } = check;
  const expected = one[mode];
  if (expected === undefined) throw new Error(`no mode ${mode}`);
  const wanted = expected.distances[distance];
  let most = 0;
  for (const [exact, derivative] of [
    [false, wanted.derivative ?? wanted.derivative_center_jacobian],
    [true, wanted.derivative_exact],
  ] as const) {
    if (derivative === undefined) continue;
    const found = await measure(check, target, exact);
    const what = exact ? 'exact derivative' : 'derivative';
    if (found.samples !== expected.valid.length) {
      throw new Error(`${found.samples} valid samples, not ${expected.valid.length}`);
    }
    most = Math.max(most, requireNear([found.value], [wanted.value], VALUE, 'value'));
    most = Math.max(most, requireNear(found.derivative ?? [], derivative, DERIVATIVE, what));
  }
  return most;
}

async function measure(
  { folder, one, mode, distance }: Check,
  target: GoldenTarget,
  exact: boolean,
) {
  const fixed = await imageOf(folder, one.fixed);
  const moving = await imageOf(folder, one.moving);
  const { voxel, patch } = one[mode] ?? {};
  const options: Json = {
    mode,
    distance,
    model: modelOf(folder, one.model),
    ...(voxel && { voxelSize: voxel }),
    patchSize: patch ?? [0],
    exactPatchJacobian: exact,
  };
  const points = toIndices(fixed, one.points);
  await using metric = await prepareMetric(target.router, {
    ...target.settings,
    name: 'impact',
    options,
    fixed,
    moving,
    fixedInterpolator: 'bspline3',
    movingInterpolator: 'bspline3',
    demand: { samples: 'points', perRun: one.points.length, runs: 1 },
  });
  return await metric.run(transformOf(one), { points });
}

function transformOf({ transform, fixed }: WholeCase): Transform {
  const { kind = 'affine', center, parameters } = transform;
  if (kind !== 'affine' && kind !== 'translation') throw new Error(`no transform of kind ${kind}`);
  return linear(kind, fixed.size_xyz.length === 2 ? 2 : 3, parameters, center && { center });
}

/** A file beside the case; MIND by its name where there is none. */
function modelOf(folder: string, name: string): string {
  const path = resolve(folder, name);
  const mind = /^mind(?:ssc)?_(r\dd\d)_[23]d_(instance|batch)/.exec(name);
  return mind === null || existsSync(path) ? path : `mind-${mind[1]}-${mind[2]}`;
}

async function imageOf(folder: string, image: GoldenImage): Promise<Image> {
  const { size_xyz: size, data, origin, spacing, direction } = image;
  const values = Float32Array.from(await readNumbers(folder, data));
  return createImage(createGrid({ size, origin, spacing, direction }), values);
}

/** Continuous fixed indices of physical points; the direction is orthonormal, so its transpose is its inverse. */
function toIndices({ grid }: Image, points: WholeCase['points']): Float64Array {
  const { origin, spacing, direction } = grid;
  const axes = [...origin.keys()];
  const index = (point: readonly number[], a: number): number => {
    const along = axes.reduce(
      (sum, r) => sum + direction[r * axes.length + a] * (point[r] - origin[r]),
      0,
    );
    return along / spacing[a];
  };
  return Float64Array.from(points.flatMap((point) => axes.map((a) => index(point, a))));
}
