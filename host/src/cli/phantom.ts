import type { Command } from 'commander';
import { assertWritable, headPhantom, writeImage } from '../io/index.js';
import { outputGrid } from '../lazy/output-grid.js';
import { examples, type Session } from './command.js';
import type { CommonOptions } from './common-options.js';
import { perAxis } from './grid-options.js';
import { parseSize, parseSpacing } from './numbers.js';
import { describeGrid, printResult } from './result.js';

interface PhantomOptions extends CommonOptions {
  readonly size?: readonly number[];
  readonly spacing?: readonly number[];
}

export function define(command: Command, { terminal }: Session): void {
  command
    .argument('<out>', 'volume to write; its extension chooses the format')
    .option('--size <i,j,k>', 'voxels per axis, over the same extent', parseSize)
    .option('--spacing <x,y,z>', 'millimetres per axis, over the same extent', parseSpacing)
    .addHelpText(
      'after',
      examples('voxhost phantom head.nii.gz', 'voxhost phantom large.nii --size 256'),
    )
    .action(async (output: string) => {
      const options: PhantomOptions = command.optsWithGlobals();
      await assertWritable(output);
      const usual = headPhantom();
      const image = headPhantom(outputGrid(usual.grid, perAxis(options, 3, 'the phantom')));
      await writeImage(image, output, { signal: terminal.signal });
      printResult(terminal, options, {
        text: `${output}: ${describeGrid(image.grid)}, ${image.pixelType}`,
        json: { output, grid: image.grid, pixelType: image.pixelType },
      });
    });
}
