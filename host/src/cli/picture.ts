import type { Command } from 'commander';
import { HostError } from '../errors.js';
import { readImage } from '../io/index.js';
import { drawSlices } from '../picture/draw-slices.js';
import { below } from '../picture/raster.js';
import { writePicture } from '../picture/write-picture.js';
import { examples, type Session } from './command.js';
import type { CommonOptions } from './common-options.js';
import { parseEdge, parseWindow } from './numbers.js';
import { printResult } from './result.js';

interface PictureOptions extends CommonOptions {
  readonly window?: readonly [number, number];
  readonly edge?: number;
}

const GAP = 4;

export function define(command: Command, { terminal }: Session): void {
  command
    .argument('<files...>', 'volumes, one row each, and last the picture, .png')
    .option(
      '--window <black,white>',
      'values of black and white; default by percentiles',
      parseWindow,
    )
    .option('--edge <n>', "pixels along each volume's longest edge", parseEdge)
    .addHelpText(
      'after',
      examples(
        'voxhost picture head.nii.gz head.png',
        'voxhost picture before.nii.gz after.nii.gz both.png --window=-100,300',
      ),
    )
    .action(async (files: readonly string[]) => {
      const options: PictureOptions = command.optsWithGlobals();
      const output = files.at(-1) ?? '';
      const volumes = files.slice(0, -1);
      assertPicture(output, volumes.length);
      const rows = [];
      for (const path of volumes) {
        rows.push(drawSlices(await readImage(path, { signal: terminal.signal }), options));
      }
      const picture = below(rows, GAP);
      terminal.signal.throwIfAborted();
      await writePicture(picture, output);
      const { width, height } = picture;
      printResult(terminal, options, {
        text: `${output}: ${width} x ${height} pixels`,
        json: { output, width, height },
      });
    });
}

function assertPicture(output: string, volumes: number): void {
  if (volumes === 0) throw new HostError('USAGE', { reason: 'a volume and a picture are needed' });
  if (/\.png$/i.test(output)) return;
  const reason = 'is no .png';
  throw new HostError('CANNOT_WRITE', { path: output, reason, remedy: 'name a .png file last' });
}
