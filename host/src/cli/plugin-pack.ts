import type { Command } from 'commander';
import { writeAtomically } from '../io/atomic-file.js';
import { findManifest } from '../packing/find-manifest.js';
import { npmPackage } from '../packing/npm-package.js';
import { packPlugin } from '../packing/pack-plugin.js';
import { sealOf } from '../packing/seal.js';
import { writeArchive } from '../packing/write-archive.js';
import { examples, type Session } from './command.js';
import type { CommonOptions } from './common-options.js';
import { printResult } from './result.js';
import { formatBytes } from './text-table.js';

interface PackOptions extends CommonOptions {
  readonly out?: string;
}

export function define(command: Command, { terminal }: Session): void {
  command
    .argument('<dir>', 'folder of a plugin, or its manifest')
    .option('--out <file>', 'archive to write; default ID-VERSION.tgz here')
    .addHelpText(
      'after',
      examples(
        'voxhost plugin pack .',
        'voxhost plugin pack manifests/org.voxhost.cpu.plugin.json',
      ),
    )
    .action(async (path: string) => {
      const options: PackOptions = command.optsWithGlobals();
      const { manifest, root, files: own } = await packPlugin(await findManifest(path));
      const files = [...own, await npmPackage(manifest, root)];
      const bytes = writeArchive(files);
      const output = options.out ?? `${manifest.id}-${manifest.version}.tgz`;
      terminal.signal.throwIfAborted();
      await writeAtomically([
        { path: output, write: async (handle) => void (await handle.writeFile(bytes)) },
      ]);
      const { size, sha256 } = sealOf({ path: output, bytes });
      printResult(terminal, options, {
        text: `${output}: ${files.length} files, ${formatBytes(size)}, sha256 ${sha256}`,
        json: {
          output,
          id: manifest.id,
          version: manifest.version,
          size,
          sha256,
          files: files.map((f) => f.path),
        },
      });
    });
}
