import assert from 'node:assert/strict';
import { createGrid, createImage, isVoxhostError, pointsMap } from '@voxhost/sdk';
import { createHost } from 'voxhost';
import { bspline, composite, rigid, type Transform, translation } from 'voxhost/geometry';
import { prepareMetric } from '#host/metric/prepared-metric.js';
import { openImpact } from './open-impact.js';
import { imageOf, modelFolder, pointsIn, smoothNetwork, texture } from './scenes.js';

/** Positions take a detour through physical space where a value-only run has one matrix. */
const DETOUR = 1e-6;
/** Central differences of a float32 network. */
const DIFFERENCES = 2e-2;
const STEP = 1e-3;

describe('IMPACT in mode jacobian under composites', function () {
  this.timeout(60_000);
  const fixed = imageOf({ size: [14, 13, 12], spacing: [1.2, 1, 1.1] });
  const moving = imageOf({ size: [15, 14, 13] }, (p) => texture([p[0] + 0.4, p[1] - 0.2, p[2]]));
  const points = pointsIn(fixed, 12, 4);
  const options = { model: 'mind-r1d1', patchSize: 3, voxelSize: 1 };
  const demand = { samples: 'points', perRun: 12, runs: 10 } as const;
  const turn = rigid({ rotation: [0.1, -0.05, 0.2], center: [7, 6, 6] });

  it('follows the map around each sample, whatever the members are, masks or not', async () => {
    await using models = await modelFolder();
    const model = await models.write('smooth', smoothNetwork(3));
    await using impact = openImpact();
    const data = Uint8Array.from({ length: 14 * 13 * 12 }, (_, i) => (i % 14 < 6 ? 0 : 1));
    for (const fixedMask of [undefined, createImage(fixed.grid, data)]) {
      await using metric = await prepareMetric(impact.router, {
        name: 'impact',
        options: { ...options, model },
        fixed,
        moving,
        movingInterpolator: 'bspline3', // a linear one has kinks, which differences step over
        demand,
        ...(fixedMask && { fixedMask }),
      });
      const at = (t: readonly number[]) => composite([turn, translation(t)]);
      const { value, samples, derivative } = await metric.run(at([0.2, 0.1, 0]), { points });
      const alone = await metric.run(at([0.2, 0.1, 0]), { points, derivative: false });
      assert.equal(samples, alone.samples);
      assert.ok(Math.abs(value - alone.value) <= DETOUR * value, `${value}, ${alone.value}`);
      // at the centre of patches the derivative is exact for translations
      const scale = Math.hypot(...(derivative?.subarray(0, 3) ?? []));
      for (const a of [0, 1, 2]) {
        const moved = (by: number) => at([0.2, 0.1, 0].map((t, i) => (i === a ? t + by : t)));
        const [up, down] = [STEP, -STEP].map((by) => metric.run(moved(by), { points }));
        const slope = ((await up).value - (await down).value) / (2 * STEP);
        const found = derivative?.[a] ?? 0; // the last member is applied first, and comes first
        assert.ok(Math.abs(found - slope) <= DIFFERENCES * scale, `${found}, ${slope}`);
      }
    }
  });

  it('reaches the plugin in its own process with all lattices', async () => {
    await using host = await createHost({ log: () => {} });
    await using metric = await host.metric({ name: 'impact', options, fixed, moving, demand });
    const free = (salt: number): Transform => {
      const grid = createGrid({ size: [5, 5, 5], spacing: [5, 5, 5], origin: [-3, -3, -3] });
      const millimetres = Float64Array.from({ length: 375 }, (_, i) => 0.3 * Math.sin(i + salt));
      return bspline(grid, millimetres);
    };
    const both = composite([free(1), turn, free(2)]);
    const { value, derivative } = await metric.run(both, { points });
    const alone = await metric.run(both, { points, derivative: false });
    assert.ok(Math.abs(value - alone.value) <= DETOUR * value, `${value}, ${alone.value}`);
    assert.equal(derivative?.length, 375 + 6 + 375);
    assert.ok(derivative.some((d) => d !== 0));
  });

  it('refuses positions of which nobody knows the map, and what has no meaning for them', async () => {
    await using impact = openImpact();
    const request = { name: 'impact', fixed, moving, demand };
    await using metric = await prepareMetric(impact.router, { ...request, options });
    const refused = (pattern: RegExp) => (error: unknown) =>
      isVoxhostError(error, 'BAD_ARGUMENT') && pattern.test(error.message);
    await assert.rejects(
      metric.runMap(pointsMap(points), { points }),
      refused(/without the map that they come from/),
    );
    await assert.rejects(
      metric.runMap(pointsMap(points.slice(3)), { points }),
      refused(/33 positions where 36 are needed/),
    );
    const exact = { ...options, exactPatchJacobian: true };
    await using other = await prepareMetric(impact.router, { ...request, options: exact });
    await assert.rejects(
      other.run(composite([turn, turn]), { points }),
      refused(/exactPatchJacobian.*centres of patches/),
    );
  });
});
