import type { Command } from 'commander';
import { verifyPlugin } from '../composition/read-catalogue.js';
import { readPlaces } from '../composition/read-places.js';
import type { Catalogue, CatalogueEntry } from '../discovery/catalogue.js';
import { updatePluginState } from '../discovery/plugin-state.js';
import { HostError } from '../errors.js';
import { atOutput } from '../io/atomic-file.js';
import { sealOf } from '../packing/seal.js';
import { isUsable } from '../verdict.js';
import { examples, type Session } from './command.js';
import type { CommonOptions } from './common-options.js';
import { catalogueSettings, findPlugins } from './find-plugins.js';
import { entriesNamed, idMeant, withTrust } from './plugin-decisions.js';
import { printResult } from './result.js';

interface TrustOptions extends CommonOptions {
  readonly revoke?: true;
}

export function define(command: Command, session: Session): void {
  command
    .argument('<id>', 'id or name of a plugin whose files are sealed')
    .option('--revoke', 'trust it no longer')
    .addHelpText(
      'after',
      '\nA trusted plugin without native code runs inside the host instead of a process of its own: it is\nfaster, and may do whatever this user may. Trust is bound to the bytes of its files.\n' +
        examples('voxhost plugins trust org.example.mine'),
    )
    .action(async (idOrName: string) => {
      const options: TrustOptions = command.optsWithGlobals();
      const catalogue = await findPlugins(options, session);
      const id = idMeant(catalogue, idOrName);
      const digest =
        options.revoke === true
          ? undefined
          : await digestOfWhole(await wholeEntry(catalogue, id, options, session));
      const { state } = readPlaces();
      await atOutput(state, async () =>
        updatePluginState(state, (kept) => withTrust(kept, id, digest)),
      );
      printResult(session.terminal, options, {
        text:
          digest === undefined ? `${id} is trusted no longer` : `${id} is trusted, as ${digest}`,
        json: { id, trusted: digest !== undefined, digest },
      });
    });
}

/** The entry with every file compared with its seal. Throws `USAGE` or `PLUGIN_FAILED`. */
async function wholeEntry(
  catalogue: Catalogue,
  id: string,
  options: CommonOptions,
  session: Session,
): Promise<CatalogueEntry> {
  const entry = entriesNamed(catalogue, id).find(({ verdict }) => isUsable(verdict));
  if (entry === undefined) {
    throw new HostError('USAGE', { reason: `${id} is not usable: voxhost plugins info ${id}` });
  }
  if (!entry.sealed) {
    const reason = `${id} is not sealed, so its files may change; pack it and install the archive`;
    throw new HostError('USAGE', { reason });
  }
  const verified = await verifyPlugin(catalogueSettings(options, session), entry);
  if (isUsable(verified.verdict)) return verified;
  const { verdict, evidence } = verified.verdict;
  const reason = `expected ${JSON.stringify(evidence.expected)}, found ${JSON.stringify(evidence.found)}`;
  throw new HostError('PLUGIN_FAILED', { plugin: id, verdict, reason });
}

/** Of the manifest, whose seals are those of all other files. */
async function digestOfWhole({ source, path }: CatalogueEntry): Promise<string> {
  return sealOf({ path, bytes: await source.read(path) }).sha256;
}
