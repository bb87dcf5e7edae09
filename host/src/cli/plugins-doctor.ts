import type { Command } from 'commander';
import type { DoctorLine, DoctorReport } from '../doctor/doctor-report.js';
import { examples, type Session } from './command.js';
import type { CommonOptions } from './common-options.js';
import { catalogueSettings } from './find-plugins.js';
import { visible } from './one-line.js';
import { printResult } from './result.js';
import { textTable } from './text-table.js';

export function define(command: Command, session: Session): void {
  const { terminal } = session;
  command
    .option('--no-start', 'run no code of any plugin')
    .addHelpText('after', examples('voxhost plugins doctor', 'voxhost plugins doctor --json'))
    .action(async ({ start }: { readonly start: boolean }) => {
      const options: CommonOptions = command.optsWithGlobals();
      const { executeDoctor } = await import('../doctor/execute-doctor.js');
      const settings = catalogueSettings(options, session);
      const report = await executeDoctor(settings, terminal.signal, start);
      printResult(terminal, options, { text: renderDoctor(report), json: report });
    });
}

/** A line for the machine, a table of plugins, then what is wrong with each and how to mend it. */
function renderDoctor({ machine, plugins, notes }: DoctorReport): string {
  const { host, node, napi, os, osVersion, cpu, libc, drivers, devices } = machine;
  const system = [`${os}-${cpu}`, osVersion, libc, ...drivers, ...devices];
  const head = ['PLUGIN', 'VERSION', 'INSTALLED', 'COMPATIBLE', 'READY', 'VERDICT'];
  const rows = plugins.map((line) => [
    line.id || line.path,
    line.version || '-',
    line.installed ? 'yes' : 'no',
    line.compatible ? 'yes' : 'no',
    line.ready,
    line.verdict,
  ]);
  return [
    `voxhost ${host}, Node.js ${node} (Node-API ${napi}), ${system.filter(Boolean).join(', ')}\n\n`,
    textTable([head, ...rows]),
    ...plugins.map(renderDetails),
    ...notes.map((note) => `note: ${visible(note)}\n`),
  ].join('');
}

function renderDetails(line: DoctorLine): string {
  const { stage, evidence, fix, notes, unchecked } = line;
  const details = [
    ...(stage === undefined ? [] : [`${line.verdict} at ${stage}: ${evidence ?? ''}`]),
    ...(stage === undefined
      ? []
      : fix.map((f) => `fix: ${f.text}${f.command ? `: ${f.command}` : ''}`)),
    ...notes,
    ...(unchecked.length === 0 ? [] : [`not checked: ${unchecked.join(', ')}`]),
  ];
  if (details.length === 0) return '';
  return `\n${visible(line.id || line.path)}\n${details.map((detail) => `  ${visible(detail)}\n`).join('')}`;
}
