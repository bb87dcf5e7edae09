import assert from 'node:assert/strict';
import { isHostError } from 'voxhost';
import {
  compose,
  cropForeground,
  parsePipeline,
  randAffine,
  randRotate,
  rotate,
} from 'voxhost/lazy';
import { parseTrace } from '#host/pipelines/parse-trace.js';
import { countingRouter } from '../support/counting-router.js';
import { largestDifference, wavy } from '../support/volumes.js';

const image = wavy([10, 9, 8]);
const label = wavy([10, 9, 8], { pixelType: 'uint8' });

describe('dictionaries', () => {
  it('share one drawn map, each entry with modes of its own', async () => {
    const router = countingRouter();
    const pipeline = parsePipeline({
      lazy: true,
      transforms: [
        {
          _target_: 'Spacingd',
          keys: ['image', 'label'],
          pixdim: [1, 1, 1],
          mode: ['bilinear', 'nearest'],
        },
        {
          _target_: 'RandRotated',
          keys: ['image', 'label'],
          prob: 1,
          range_x: 0.5,
          mode: ['bilinear', 'nearest'],
        },
      ],
    });
    const found = await pipeline.runAll(router, { image, label });
    assert.equal(router.runs.length, 2);
    const [a, b] = router.runs;
    assert.deepEqual(a.map, b.map);
    assert.deepEqual([a.interpolator, b.interpolator], ['linear', 'nearest-even']);
    assert.deepEqual(found['image'].image.grid, found['label'].image.grid);
    assert.equal(found['label'].image.pixelType, 'uint8');
  });

  it('are brought to the frame of one of them, as it stands there', async () => {
    const other = wavy([5, 12, 6]);
    const pipeline = parsePipeline({
      lazy: true,
      transforms: [
        { _target_: 'Spacingd', keys: 'image', pixdim: 1.5 },
        { _target_: 'ResampleToMatchd', keys: 'other', key_dst: 'image', mode: 'nearest' },
      ],
    });
    const router = countingRouter();
    const found = await pipeline.runAll(router, { image, other });
    assert.deepEqual(found['other'].image.grid.size, found['image'].image.grid.size);
    for (const [i, v] of found['other'].image.grid.direction.entries()) {
      assert.ok(Math.abs(v - found['image'].image.grid.direction[i]) < 1e-12);
    }
    const survived = parseTrace(JSON.parse(JSON.stringify(found['other'].trace)));
    assert.ok(survived.ok);
    const back = await pipeline.invert(router, found['other'].image, { trace: survived.trace });
    assert.deepEqual(back.image.grid, other.grid);
  });

  it('take overrides by key', async () => {
    const router = countingRouter();
    const overrides = { mode: { image: 3, label: 'nearest' }, padding_mode: 'border' };
    await compose([rotate({ angle: [0.1, 0, 0] })], { lazy: true, overrides }).runAll(router, {
      image,
      label,
    });
    assert.deepEqual(
      router.runs.map((run) => run.interpolator),
      ['bspline3', 'nearest-even'],
    );
  });

  it('on different grids share what counts no voxels, and are refused the rest', async () => {
    const other = wavy([5, 9, 8]);
    const turn = randRotate({ prob: 1, range_x: 0.3 });
    const found = await compose([turn]).runAll(countingRouter(), { image, other });
    assert.deepEqual(found['image'].trace.items[0].params, found['other'].trace.items[0].params);
    const shift = randAffine({ prob: 1, translate_range: [2, 2, 2] });
    await assert.rejects(
      compose([shift]).runAll(countingRouter(), { image, other }),
      (error) => isHostError(error, 'NOT_EXPRESSIBLE') && /"image" and "other"/.test(error.message),
    );
  });

  it('refuse a key that is not there', async () => {
    const pipeline = parsePipeline([{ _target_: 'Flipd', keys: 'mask' }]);
    await assert.rejects(pipeline.runAll(countingRouter(), { image }), (error) =>
      isHostError(error, 'USAGE'),
    );
  });
});

describe('transforms that read voxels', () => {
  const turn = rotate({ angle: [0.2, 0.1, 0], mode: 'bilinear', padding_mode: 'zeros' });
  const foreground = cropForeground({ threshold: 30, margin: 1 });

  it('look at a forced result, throw it away, and go on from the source', async () => {
    const router = countingRouter();
    const found = await compose([turn, foreground, turn], { lazy: true }).run(router, image);
    assert.equal(router.runs.length, 2);
    assert.equal(router.runs[1].source, image);
    assert.equal(found.steps.length, 1);
  });

  it('or keep what was forced', async () => {
    const router = countingRouter();
    await compose([turn, foreground, turn], { lazy: true, analyse: 'keep' }).run(router, image);
    assert.equal(router.runs.length, 2);
    assert.notEqual(router.runs[1].source, image);
  });

  it('decide on one entry for all', async () => {
    const pipeline = parsePipeline([
      { _target_: 'CropForegroundd', keys: ['image', 'label'], source_key: 'label', threshold: 40 },
    ]);
    const found = await pipeline.runAll(countingRouter(), { image, label });
    assert.deepEqual(found['image'].image.grid, found['label'].image.grid);
    assert.equal(found['image'].trace.items[0]._target_, 'SpatialCrop');
  });

  it('replay from the trace without looking', async () => {
    const pipeline = compose([turn, foreground, turn], { lazy: true });
    const { image: found, trace } = await pipeline.run(countingRouter(), image);
    const again = parsePipeline({
      lazy: null,
      transforms: trace.items.map(({ _target_, params, lazy }) => ({
        _target_,
        ...params,
        lazy,
      })) as never,
    });
    const replayed = await again.run(countingRouter(), image);
    assert.equal(largestDifference(replayed.image, found), 0);
    const back = await pipeline.invert(countingRouter(), found);
    assert.deepEqual(back.image.grid, image.grid);
  });
});
