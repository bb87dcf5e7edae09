import type { Context } from '@voxhost/sdk';
import { type DeviceFacts, type Driver, driverLibrary, loadDriver } from './driver.js';
import { DriverError, RESULT } from './driver-error.js';
import { loadKoffi } from './koffi.js';
import { oldestDriver } from './oldest-driver.js';
import { DEVICE_VARIABLE, selectDevice } from './select-device.js';

/** Why the plugin cannot work here, in the host's words for verdicts. */
export interface Refusal {
  readonly ok: false;
  readonly verdict: 'missing-hardware' | 'busy' | 'driver-too-old' | 'missing-library';
  readonly reason: string;
}

export type Opened =
  | { readonly ok: true; readonly driver: Driver; readonly device: DeviceFacts }
  | Refusal;

/** Variable by which the user names the driver's library, where it is not on the loader's path. */
export const DRIVER_VARIABLE = 'VOXHOST_CUDA_DRIVER';

/** Loads the driver and finds a device; no context is entered. @param ptxVersion - `.version` of the kernels */
export async function openDevice(
  context: Pick<Context, 'module'>,
  ptxVersion: string,
  environment: { readonly [name: string]: string | undefined },
): Promise<Opened> {
  const koffi = await loadKoffi(context);
  const named = environment[DRIVER_VARIABLE];
  const path = named === undefined || named === '' ? driverLibrary(process.platform) : named;
  let driver: Driver;
  try {
    driver = loadDriver(koffi, path);
  } catch (error) {
    const reason = `the driver's library ${path} cannot be used: ${textOf(error)}`;
    return { ok: false, verdict: 'missing-hardware', reason };
  }
  try {
    return findDevice(driver, ptxVersion, environment[DEVICE_VARIABLE]);
  } catch (error) {
    if (error instanceof DriverError) return refusalOf(error);
    throw error;
  }
}

const textOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

function findDevice(driver: Driver, ptxVersion: string, wanted: string | undefined): Opened {
  const found = driver.version();
  const needed = oldestDriver(ptxVersion)?.cuda ?? 0;
  if (found < needed) {
    const reason = `the driver runs CUDA ${cudaText(found)}, the kernels need CUDA ${cudaText(needed)} (PTX ${ptxVersion})`;
    return { ok: false, verdict: 'driver-too-old', reason };
  }
  driver.init();
  const selected = selectDevice(driver, wanted);
  return selected.ok ? { ok: true, driver, device: selected.device } : selected;
}

/** 12040 is 12.4. */
const cudaText = (version: number): string =>
  `${Math.floor(version / 1000)}.${Math.floor((version % 1000) / 10)}`;

const VERDICTS: { readonly [result: number]: Refusal['verdict'] } = {
  [RESULT.outOfMemory]: 'busy',
  [RESULT.deviceUnavailable]: 'busy',
  [RESULT.unsupportedPtxVersion]: 'driver-too-old',
  [RESULT.systemDriverMismatch]: 'driver-too-old',
  [RESULT.compatNotSupported]: 'driver-too-old',
};

const refusalOf = ({ result, message }: DriverError): Refusal => ({
  ok: false,
  verdict: VERDICTS[result] ?? 'missing-hardware',
  reason: message,
});
