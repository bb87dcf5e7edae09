import { getAsset, getRawAsset } from 'node:sea';
import { ASSET_ROOT, createAssetSource } from '../files/asset-source.js';
import { EMBEDDED_CHILD } from '../loading/process/launch-plan.js';
import { runProcess } from './run-process.js';

/** Written by `npm run package`: the keys of all plugins' files. */
const INDEX = 'index';
/** The bundle that a child for a plugin runs. */
const CHILD = 'child.js';

const bytesOf = (key: string) => getRawAsset(key) as ArrayBuffer;

function runEmbedded(): Promise<unknown> {
  if (process.argv[2] === EMBEDDED_CHILD) {
    return import(`data:text/javascript;base64,${Buffer.from(bytesOf(CHILD)).toString('base64')}`);
  }
  const index: readonly string[] = JSON.parse(getAsset(INDEX, 'utf8'));
  return runProcess({ source: createAssetSource(bytesOf, index), folder: ASSET_ROOT });
}

// No top-level await: the executable's program is CommonJS.
runEmbedded().catch((error: unknown) => {
  process.stderr.write(`voxhost: ${String(error)}\n`);
  process.exit(1);
});
