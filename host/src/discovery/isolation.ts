import type { Manifest, Target } from '@voxhost/sdk';
import type { Layer } from './catalogue.js';

/** What decides where a plugin runs. */
export interface IsolationInput {
  readonly layer: Layer;
  readonly manifest: Manifest;
  readonly target: Target;
  /** Id of a plugin that may run in this process and that it conflicts with. */
  readonly apartFrom?: string | undefined;
  /** The user said so, of exactly these files. A manifest cannot. */
  readonly isTrusted: boolean;
}

/** `refused`: it may not run inline, and its manifest says that it cannot run otherwise. */
export type IsolationDecision =
  | { readonly kind: 'inline' }
  | { readonly kind: 'process'; readonly why: string }
  | { readonly kind: 'refused'; readonly why: string };

const NATIVE_FILE = /\.(node|so(\.[0-9.]+)?|dylib|dll)$/;

/**
 * Inline is what ships with the host or is trusted by the user, without native code in itself or in what it
 * requires; everything else runs in a process of its own. Pure.
 */
export function decideIsolation(input: IsolationInput): IsolationDecision {
  const why = whyNotInline(input);
  if (why === undefined) return { kind: 'inline' };
  const supports = input.manifest.isolation?.supports;
  if (supports === undefined || supports.includes('process')) return { kind: 'process', why };
  return { kind: 'refused', why: `${why}, and its manifest does not support "process"` };
}

function whyNotInline(input: IsolationInput): string | undefined {
  const { layer, manifest, target, apartFrom, isTrusted } = input;
  const { isolation } = manifest;
  if (target.entry.type !== 'esm') return `its entry is of type ${target.entry.type}`;
  if (isolation?.default === 'process') return 'its manifest asks for it';
  if (isolation !== undefined && !isolation.supports.includes('inline'))
    return 'its manifest does not support "inline"';
  if (layer !== 7 && !isTrusted) return 'it does not ship with the host and is not trusted';
  return apartFrom === undefined ? nativePart(target) : `it conflicts with ${apartFrom}`;
}

function nativePart({ requires, files }: Target): string | undefined {
  const native = files?.find(({ path }) => NATIVE_FILE.test(path));
  if (native !== undefined) return `it has native code (${native.path})`;
  const library = requires?.libraries?.[0];
  if (library !== undefined) return `it requires ${library.name}, which may have native code`;
  const needsDevice = (requires?.devices ?? requires?.drivers ?? []).length > 0;
  return needsDevice ? 'it requires a device' : undefined;
}
