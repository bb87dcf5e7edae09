import type { Command } from 'commander';
import { installPlugin } from '../installing/install-plugin.js';
import { readPackage } from '../installing/read-package.js';
import { isUsable } from '../verdict.js';
import { examples, type Session } from './command.js';
import type { CommonOptions } from './common-options.js';
import { findPlugins } from './find-plugins.js';
import { changePlugins } from './install-work.js';
import { printResult } from './result.js';
import { textTable } from './text-table.js';

interface InstallOptions extends CommonOptions {
  readonly allowDowngrade?: true;
}

export function define(command: Command, session: Session): void {
  const { terminal } = session;
  command
    .argument('<spec>', 'archive (.tgz) or folder of a plugin')
    .option('--allow-downgrade', 'replace a higher version')
    .addHelpText(
      'after',
      examples(
        'voxhost plugins install org.example.mine-0.1.0.tgz',
        'npm pack voxhost-plugin-mine && voxhost plugins install voxhost-plugin-mine-0.1.0.tgz',
      ),
    )
    .action(async (spec: string) => {
      const options: InstallOptions = command.optsWithGlobals();
      const verified = await readPackage(spec);
      const { id, version, license, publisher, permissions } = verified.manifest;
      const settings = { allowDowngrade: options.allowDowngrade === true, signal: terminal.signal };
      const done = await changePlugins(terminal, (places, disk) =>
        installPlugin(verified, places, disk, settings),
      );
      const { entries } = await findPlugins(options, session);
      const verdict = entries.find(({ path }) => path.startsWith(done.path))?.verdict;
      const fix = verdict !== undefined && !isUsable(verdict) ? verdict.fix[0] : undefined;
      const rows = [
        [done.outcome === 'already' ? 'already installed' : 'installed', `${id} ${version}`],
        ['folder', done.path],
        ...done.replaced.map((old) => ['replaced', old]),
        ['license', license],
        ...(publisher === undefined ? [] : [['publisher', publisher.name]]),
        ['may', permissions === undefined ? 'read its own files' : JSON.stringify(permissions)],
        ['verdict', verdict?.verdict ?? 'not found'],
        ...(fix === undefined ? [] : [['fix', fix.command ?? fix.text]]),
      ];
      printResult(terminal, options, {
        text: textTable(rows),
        json: { id, version, license, publisher, permissions, ...done, verdict },
      });
    });
}
