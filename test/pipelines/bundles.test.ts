import assert from 'node:assert/strict';
import { createGrid, createImage, type Json } from '@voxhost/sdk';
import { isHostError } from 'voxhost';
import { parsePipeline } from 'voxhost/lazy';
import { parseTrace } from '#host/pipelines/parse-trace.js';
import { countingRouter } from '../support/counting-router.js';
import { BUNDLES, REFUSED } from './bundle-configurations.js';

/** Values of a CT, 2 mm voxels, on a grid that Orientation has to turn. */
function scan() {
  const data = Int16Array.from({ length: 12 * 11 * 10 }, (_, i) => ((i * 37) % 1500) - 700);
  const grid = createGrid({ size: [12, 11, 10], spacing: [2, 2, 2] });
  return createImage(grid, data);
}

describe('bundles of the model zoo', () => {
  for (const { bundle, json, size, range } of BUNDLES) {
    it(`run ${bundle} as it is`, async () => {
      const pipeline = parsePipeline(json);
      const inputs = bundle.includes('train')
        ? { image: scan(), label: scan() }
        : { image: scan() };
      for await (const { image } of pipeline.samplesOfAll(countingRouter(), inputs)) {
        assert.deepEqual(image.image.grid.size, size);
        assert.equal(image.image.pixelType, 'float32');
        assert.equal(parseTrace(JSON.parse(JSON.stringify(image.trace))).ok, true);
        const [least, most] = range;
        assert.ok(image.image.data.every((v) => v >= least && v <= most));
        break;
      }
    });
  }

  for (const { what, json, path } of REFUSED) {
    it(`refuse ${what} by its place`, () => {
      assert.throws(
        () => parsePipeline(json as Json),
        (error) => isHostError(error, 'USAGE') && error.message.includes(path),
      );
    });
  }
});
