import type { DeviceFacts, Driver } from './driver.js';

/** Why no device serves, in the host's words for verdicts. */
export interface NoDevice {
  readonly verdict: 'missing-hardware' | 'busy';
  readonly reason: string;
}

export type Selection =
  | { readonly ok: true; readonly device: DeviceFacts }
  | ({ readonly ok: false } & NoDevice);

/** Compute capability that the PTX is compiled for; newer devices take it too. */
const LEAST_CAPABILITY = 7.5;

/** Variable by which the user chooses a device by its number among those that the driver shows. */
export const DEVICE_VARIABLE = 'VOXHOST_CUDA_DEVICE';

/**
 * The device that the user names, else the one with most free memory, else the first. The driver must be
 * initialised; no device's context is current afterwards.
 *
 * @param wanted - the device's number, as the user wrote it
 */
export function selectDevice(driver: Driver, wanted?: string): Selection {
  const all = Array.from({ length: driver.deviceCount() }, (_, ordinal) => driver.device(ordinal));
  if (wanted !== undefined && wanted !== '') return selectNamed(all, wanted);
  const able = all.filter(isAble);
  if (able.length === 0) return noDevice(all);
  if (able.length === 1) return { ok: true, device: able[0] };
  const free = able.map(({ ordinal }) => freeMemory(driver, ordinal));
  const most = Math.max(...free);
  if (most < 0)
    return { ok: false, verdict: 'busy', reason: `no device can be entered: ${names(able)}` };
  return { ok: true, device: able[free.indexOf(most)] };
}

const isAble = ({ computeCapability }: DeviceFacts): boolean =>
  Number(computeCapability) >= LEAST_CAPABILITY;

const names = (devices: readonly DeviceFacts[]): string =>
  devices.map(({ name, computeCapability }) => `${name} (${computeCapability})`).join(', ');

function selectNamed(all: readonly DeviceFacts[], wanted: string): Selection {
  const device = /^\d+$/.test(wanted) ? all[Number(wanted)] : undefined;
  if (device !== undefined && isAble(device)) return { ok: true, device };
  const found = device === undefined ? `${all.length} device(s), numbered from 0` : names([device]);
  const reason = `${DEVICE_VARIABLE}=${wanted} names no device of compute capability ${LEAST_CAPABILITY}: there is ${found}`;
  return { ok: false, verdict: 'missing-hardware', reason };
}

function noDevice(all: readonly DeviceFacts[]): Selection {
  const found = all.length === 0 ? 'the driver shows no device' : `there is only ${names(all)}`;
  const reason = `a device of compute capability ${LEAST_CAPABILITY} is needed, and ${found}`;
  return { ok: false, verdict: 'missing-hardware', reason };
}

/** In bytes; -1 for a device that cannot be entered, because another process has it for itself. */
function freeMemory(driver: Driver, ordinal: number): number {
  try {
    driver.enter(ordinal);
  } catch {
    return -1;
  }
  try {
    return driver.memory().free;
  } finally {
    driver.leave(ordinal);
  }
}
