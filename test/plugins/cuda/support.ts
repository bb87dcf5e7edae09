import type { Backend } from '@voxhost/sdk';
import { createFakeContext } from '@voxhost/sdk/testing';
import { koffiPath } from '#cuda/koffi.js';
import plugin from '#cuda/plugin.js';
import {
  compiledPtx,
  type FakeSettings,
  fakeSettings,
  koffiModule,
  openFakeDriver,
} from '../../support/fake-driver.js';

/**
 * The plugin in this process, on the fake driver, which is told the settings for as long as the backend lives.
 *
 * @param environment - variables besides, or instead of those that name the fake driver
 */
export async function createCuda(
  settings: FakeSettings = {},
  environment: Readonly<Record<string, string>> = {},
  note: (text: string) => void = () => undefined,
): Promise<Backend> {
  const module = koffiModule();
  if (module === undefined) throw new Error('koffi has no module for this platform');
  const ptx = compiledPtx() ?? openFakeDriver().skeleton();
  await using context = createFakeContext({
    files: { 'bundle/kernels.ptx': new TextEncoder().encode(ptx) },
    modules: { [koffiPath(process.platform, process.arch)]: module },
  });
  const told = fakeSettings(settings, environment);
  try {
    const backend = await plugin.activate(context);
    for (const { text } of context.logged) note(text);
    return {
      ...backend,
      async [Symbol.asyncDispose]() {
        await backend[Symbol.asyncDispose]();
        told[Symbol.dispose]();
      },
    };
  } catch (error) {
    told[Symbol.dispose]();
    throw error;
  }
}
