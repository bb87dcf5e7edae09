import { getAsset, getRawAsset } from 'node:sea';
import { ASSET_ROOT, createAssetSource } from '../discovery/asset-source.js';
import { runProcess } from './run-process.js';

/** Written by `npm run package`: the keys of all assets but this one. */
const INDEX = 'index';

const index: readonly string[] = JSON.parse(getAsset(INDEX, 'utf8'));
const source = createAssetSource((key) => getRawAsset(key) as ArrayBuffer, index);

// No top-level await: the executable's program is CommonJS.
runProcess({ source, folder: ASSET_ROOT }).catch((error: unknown) => {
  process.stderr.write(`voxhost: ${String(error)}\n`);
  process.exit(1);
});
