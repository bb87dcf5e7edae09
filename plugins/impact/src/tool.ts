import { describeModel, renderDescription } from './model/describe.js';
import { featureNetwork } from './model/feature-network.js';
import { readModel } from './model/read-model.js';
import { modelSource } from './options/parse-options.js';

/** `inspect FILE [--json]`, as `voxhost models` runs it in a process of its own. Loads no runtime. */
async function main(args: readonly string[]): Promise<number> {
  const [command, file] = args.filter((arg) => !arg.startsWith('--'));
  if (command !== 'inspect' || file === undefined) {
    process.stderr.write('voxhost models: inspect FILE [--json]\n');
    return 2;
  }
  try {
    const read = await readModel(modelSource(file), 3);
    const description = describeModel(
      read,
      featureNetwork(read, { source: modelSource(file) }, 'model'),
    );
    const isJson = args.includes('--json');
    process.stdout.write(
      isJson ? `${JSON.stringify(description)}\n` : renderDescription(description),
    );
    return 0;
  } catch (error) {
    process.stderr.write(`voxhost: ${error instanceof Error ? error.message : String(error)}\n`);
    return 3;
  }
}

process.exitCode = await main(process.argv.slice(2));
