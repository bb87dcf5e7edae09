import type { Grid } from '@voxhost/sdk';
import type { CommonOptions } from './common-options.js';
import type { Terminal } from './terminal.js';

/** What a command has to show, for people and for programs. */
export interface Result {
  /** One or more lines, without the last line break. */
  readonly text: string;
  readonly json: object;
}

/** Prints a result in the form that was asked for. `--quiet` leaves the object, which was asked for, and drops the text. */
export function printResult(terminal: Terminal, options: CommonOptions, result: Result): void {
  if (options.json) terminal.out(`${JSON.stringify(result.json)}\n`);
  else if (!options.quiet) terminal.out(`${result.text.trimEnd()}\n`);
}

/** `84 x 105 x 100 voxels of 2 x 2 x 2 mm` */
export function describeGrid(grid: Grid): string {
  const spacing = grid.spacing.map((mm) => Number(mm.toPrecision(6)));
  return `${grid.size.join(' x ')} voxels of ${spacing.join(' x ')} mm`;
}
