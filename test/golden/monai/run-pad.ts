import { affineMap, createGrid } from '@voxhost/sdk';
import { boundaryNamed, resampleImage } from 'voxhost/lazy';
import { comparePlanes } from './compare.js';
import { pixelTypeNamed, readGoldenImage, readPlanes } from './golden-array.js';
import type { CaseRunner, Expected } from './monai-case.js';

interface PadParams {
  readonly pad_width: readonly (readonly [before: number, after: number])[];
  readonly mode: string;
  readonly value?: number;
}

/** One `Pad`, by NumPy's names: a copy by the host, in the input's own pixel type. */
export const runPad: CaseRunner = async (golden, context) => {
  const expected = golden.expect as Expected;
  const params = golden.ops[0].params as unknown as PadParams;
  const source = await readGoldenImage(context.folder, context.inputs[golden.input]);
  const { size } = source.grid;
  const widths = params.pad_width;
  const matrix = size.flatMap((_, row) => [
    ...size.map((__, column) => (row === column ? 1 : 0)),
    0 - widths[row][0],
  ]);
  const { image } = await resampleImage(context.router, source, {
    ...context.settings,
    like: createGrid({ size: size.map((n, a) => n + widths[a][0] + widths[a][1]) }),
    map: affineMap(matrix),
    boundary: boundaryNamed(params.mode, { value: params.value ?? 0 }, 'pad'),
    pixelType: pixelTypeNamed(expected.dtype),
  });
  return comparePlanes(image.data, await readPlanes(context.folder, expected), golden.tol);
};
