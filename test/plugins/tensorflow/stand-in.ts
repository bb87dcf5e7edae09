import '@tensorflow/tfjs-backend-cpu';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import * as tfjs from '@tensorflow/tfjs-core';
import { build } from 'esbuild';
import { createTensorflowBackend } from '#tensorflow/backend.js';
import type { TemporaryFolder } from '../../support/temporary-folder.js';

export const MANIFEST = fileURLToPath(
  new URL('../../../../manifests/org.voxhost.tensorflow.plugin.json', import.meta.url),
);

/** TensorFlow.js on its own processor backend: what stands in for the package that the user has. */
export async function standIn(): Promise<typeof tfjs> {
  await tfjs.ready();
  return tfjs;
}

export const createTensorflow = async () => createTensorflowBackend(standIn);

const SOURCE = `
module.exports = require('@tensorflow/tfjs-core');
require('@tensorflow/tfjs-backend-cpu');
`;
let bundled: Promise<string> | undefined;

/** The same in one file, as the entry of a package. */
export function standInSource(): Promise<string> {
  bundled ??= bundle();
  return bundled;
}

async function bundle(): Promise<string> {
  const { outputFiles } = await build({
    stdin: { contents: SOURCE, resolveDir: process.cwd() },
    bundle: true,
    platform: 'node',
    format: 'cjs',
    write: false,
    logLevel: 'error',
  });
  return outputFiles[0].text;
}

/** A package of that name in a folder of the user's; gives the folder. */
export function writePackage(
  folder: TemporaryFolder,
  { name = '@tensorflow/tfjs-node-gpu', version = '4.22.0', source = '' } = {},
): string {
  const at = `user/node_modules/${name}`;
  folder.write(`${at}/package.json`, JSON.stringify({ name, version, main: 'index.js' }));
  folder.write(`${at}/index.js`, source);
  return join(folder.path, 'user');
}
