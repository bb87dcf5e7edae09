import type { Manifest } from '@voxhost/sdk';
import { commonAbi } from '../../compatibility/stages/engine.js';
import { HOST_ABI } from '../../version.js';
import { backendViolation, pluginViolation, type Violation } from '../handshake.js';
import type { Fields } from './message.js';

/** Is what a child answered to the hello what its manifest promises? */
export function echoViolation(
  echo: Fields,
  manifest: Manifest,
  declared: unknown,
): Violation | undefined {
  const method = () => undefined;
  // A program that is no Node module has no range of its own to show.
  const { id, version, abi, range = manifest.abi, name, capabilities } = echo;
  const plugin = pluginViolation({ id, version, abi: range, activate: method }, manifest);
  if (plugin !== undefined) return plugin;
  const agreed = commonAbi(HOST_ABI, manifest.abi);
  if (abi !== agreed) return { field: 'abi', expected: String(agreed), found: String(abi) };
  const methods = { supports: method, prepare: method, [Symbol.asyncDispose]: method };
  return backendViolation({ name, capabilities, ...methods }, manifest, declared);
}
