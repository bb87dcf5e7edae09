import { isDeepStrictEqual } from 'node:util';
import type { Backend, Manifest, Plugin } from '@voxhost/sdk';
import { describe, isRecord } from '../compatibility/check-shape.js';
import { commonAbi } from '../compatibility/stages/engine.js';
import { HOST_ABI } from '../version.js';

/** A field in which a plugin is not what its manifest says. */
export interface Violation {
  readonly field: string;
  readonly expected: string;
  readonly found: string;
}

const violation = (field: string, expected: string, found: unknown): Violation => ({
  field,
  expected,
  found: describe(found),
});

/** Is this what `definePlugin` makes, and the plugin that its manifest promises? Recognised by its fields. */
export function pluginViolation(value: unknown, manifest: Manifest): Violation | undefined {
  if (!isRecord(value)) return violation('default export', 'a plugin made by definePlugin', value);
  const { id, version, abi, activate } = value as Partial<Plugin>;
  if (id !== manifest.id) return violation('id', manifest.id, id);
  if (version !== manifest.version) return violation('version', manifest.version, version);
  const { min, max } = manifest.abi;
  if (!isRecord(abi) || abi['min'] !== min || abi['max'] !== max)
    return violation('abi', `${min} to ${max}`, isRecord(abi) ? JSON.stringify(abi) : abi);
  if (commonAbi(HOST_ABI, { min, max }) === undefined)
    return violation('abi', `${HOST_ABI.min} to ${HOST_ABI.max}`, `${min} to ${max}`);
  return typeof activate === 'function'
    ? undefined
    : violation('activate', 'a function', typeof activate);
}

/** Is this a backend, with the name and the capabilities that the manifest promises? */
export function backendViolation(
  value: unknown,
  manifest: Manifest,
  declared: unknown = manifest.capabilities,
): Violation | undefined {
  if (!isRecord(value)) return violation('activate()', 'a backend', value);
  const backend = value as unknown as Partial<Backend>;
  if (backend.name !== manifest.name) return violation('name', manifest.name, backend.name);
  for (const method of ['supports', 'prepare', Symbol.asyncDispose] as const)
    if (typeof backend[method] !== 'function')
      return violation(String(method), 'a function', typeof backend[method]);
  return isDeepStrictEqual(plain(backend.capabilities), plain(declared))
    ? undefined
    : violation('capabilities', 'those of the manifest', 'others');
}

/** As it would be after a trip through a file, so that `undefined` and absence are one. */
function plain(value: unknown): unknown {
  return value === undefined ? undefined : JSON.parse(JSON.stringify(value));
}
