import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import type { Context } from '@voxhost/sdk';

/** A foreign function. Nothing checks the arguments' element types: only `driver.ts` may call one. */
export type Foreign = (...args: readonly unknown[]) => number;

export interface ForeignLibrary {
  /** By its prototype in C. Throws for a name that the library does not define. */
  func(prototype: string): Foreign;
}

/** What the plugin uses of koffi (koffi.dev), whose native module is shipped with the plugin without its wrapper. */
export interface Koffi {
  /** Throws where the loader finds no such library. */
  load(path: string): ForeignLibrary;
  /** Memory that is not Node's; valid until it is freed. */
  view(address: bigint, length: number): ArrayBuffer;
  address(memory: ArrayBufferView): bigint;
  decode(address: bigint, type: 'char', length: -1): string;
}

/** Where the build puts the native module for each platform. */
export const koffiPath = (platform: string, cpu: string): string =>
  `bundle/koffi-${platform}-${cpu}.node`;

/** Loads it, from the plugin's own folder. */
export async function loadKoffi(context: Pick<Context, 'module'>): Promise<Koffi> {
  const url = await context.module(koffiPath(process.platform, process.arch));
  return createRequire(url)(fileURLToPath(url)) as Koffi;
}
