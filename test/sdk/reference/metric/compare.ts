import {
  createGrid,
  createImage,
  type Image,
  type IndexMap,
  type Measured,
  type Metric,
  type MetricRun,
} from '@voxhost/sdk';
import { createReference } from '@voxhost/sdk/reference';
import { gaussianBlobs, imageOfIndex } from '@voxhost/sdk/testing';
import { linearMetric } from '../../../support/operations.js';

/** A 2-D image of rows. */
export function picture(rows: readonly (readonly number[])[]): Image {
  return createImage(
    createGrid({ size: [rows[0].length, rows.length] }),
    Float64Array.from(rows.flat()),
  );
}

/** A smooth image with structure everywhere, so that differences are good ones. */
export function smooth(size: readonly number[], shift = 0): Image {
  const blobs = [
    { centre: [2 + shift, 3, 2], sigma: 2, height: 40 },
    { centre: [6, 2 + shift, 3 + shift], sigma: 1.7, height: -25 },
    { centre: [4, 6, 1], sigma: 2.4, height: 30 },
  ].map((blob) => ({ ...blob, centre: blob.centre.slice(0, size.length) }));
  return imageOfIndex({ size }, gaussianBlobs(blobs), 'float64');
}

export const metricOf = (
  name: string,
  fixed: Image,
  moving: Image,
  over?: Partial<Metric>,
): Metric => linearMetric(name, { fixed, moving }, over);

export async function measure(
  operation: Metric,
  map: IndexMap,
  run: Partial<MetricRun> = {},
): Promise<Measured> {
  await using backend = createReference();
  await using prepared = await backend.prepare(operation);
  return await prepared.run(map, { derivative: operation.derivative, ...run });
}
