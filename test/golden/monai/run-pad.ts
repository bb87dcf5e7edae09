import { createGrid } from '@voxhost/sdk';
import { padFillNamed, padImage } from 'voxhost/lazy';
import { comparePlanes } from './compare.js';
import { readGoldenImage, readPlanes } from './golden-array.js';
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
  const output = createGrid({ size: size.map((n, a) => n + widths[a][0] + widths[a][1]) });
  const placement = { before: widths.map(([before]) => before), output };
  const image = padImage(source, placement, padFillNamed(params.mode, params.value));
  return comparePlanes(image.data, await readPlanes(context.folder, expected), golden.tol);
};
