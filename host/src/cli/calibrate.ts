import type { Command } from 'commander';
import { type Calibration, nameOf } from '../routing/calibration/calibrate.js';
import type { CalibrationReport } from '../routing/calibration/calibrate-host.js';
import { examples, type Session } from './command.js';
import type { CommonOptions } from './common-options.js';
import { openHost } from './open-host.js';
import { Progress } from './progress.js';
import { printResult } from './result.js';
import { textTable } from './text-table.js';

export function define(command: Command, session: Session): void {
  command
    .addHelpText(
      'after',
      examples('voxhost calibrate', 'voxhost calibrate --backend cpu --threads 1'),
    )
    .action(async () => {
      const options: CommonOptions = command.optsWithGlobals();
      const { terminal } = session;
      await using host = await openHost(options, session);
      using progress = new Progress(terminal, options.quiet === true);
      const report = await host.calibrate({
        ...(options.backend && { backends: options.backend }),
        progress: (text) => progress.phase(text),
        signal: terminal.signal,
      });
      printResult(terminal, options, { text: renderReport(report), json: reportJson(report) });
    });
}

/** A line for each capability block, then what could not be measured, then where it is kept. */
export function renderReport({ plugins, failures, path }: CalibrationReport): string {
  const head = ['BACKEND', 'START', 'PREPARE', 'PER RUN', 'PER SAMPLE', 'COPY', 'ERROR', 'BLOCK'];
  const troubles = [
    ...plugins.flatMap((p) =>
      p.failures.map((text) => `not measured: ${p.candidate.name}: ${text}`),
    ),
    ...failures.map(({ plugin, reason }) => `not measured: ${plugin}: ${reason}`),
  ];
  const table = textTable([head, ...plugins.flatMap(rows)]);
  return `${table}${troubles.map((line) => `${line}\n`).join('')}written to ${path}`;
}

function rows({ candidate, calibrated }: Calibration): readonly (readonly string[])[] {
  return calibrated.blocks.flatMap((measured, n) => {
    const block = candidate.capabilities[n];
    if (measured === null || block === undefined) return [];
    const { cost, error } = measured;
    return [
      [
        candidate.name,
        `${short(cost.startMs)} ms`,
        `${short(cost.prepareNsPerVoxel)} ns/voxel`,
        `${short(cost.runMs)} ms`,
        `${short(cost.nsPerSample)} ns`,
        cost.copyGBs === 0 ? '-' : `${short(cost.copyGBs)} GB/s`,
        `${Math.round(error.median * 100)} %`,
        nameOf(block),
      ],
    ];
  });
}

const short = (value: number): string => String(Number(value.toPrecision(2)));

const reportJson = ({ plugins, failures, path }: CalibrationReport): object => ({
  path,
  plugins: plugins.map(({ candidate, calibrated, failures: blocks }) => ({
    backend: candidate.name,
    id: candidate.id,
    ...calibrated,
    failures: blocks,
  })),
  failures,
});
