import { VoxhostError } from '@voxhost/sdk';

/** Results of the driver that mean something to us, by their number in CUDA's `cuda.h`. */
export const RESULT = {
  success: 0,
  outOfMemory: 2,
  stubLibrary: 34,
  deviceUnavailable: 46,
  noDevice: 100,
  invalidDevice: 101,
  noBinaryForGpu: 209,
  invalidPtx: 218,
  unsupportedPtxVersion: 222,
  notReady: 600,
  systemDriverMismatch: 803,
  compatNotSupported: 804,
} as const;

/** Refusals that leave the device as it was: what is not among them may stick, so that the process must end. */
const HARMLESS: ReadonlySet<number> = new Set([1, RESULT.outOfMemory, RESULT.invalidDevice, 500]);

/** What a call of the driver answered, other than success. */
export class DriverError extends Error {
  readonly result: number;
  readonly call: string;

  constructor(call: string, result: number, name: string) {
    super(`${call} answered ${name} (${result})`);
    this.name = 'DriverError';
    this.call = call;
    this.result = result;
  }
}

/** There is no part of the work so small that it has room on the device. */
export class NoRoomError extends Error {
  readonly bytes: number;

  constructor(bytes: number) {
    super(`not even one sample has room in ${bytes} bytes`);
    this.name = 'NoRoomError';
    this.bytes = bytes;
  }
}

const resultOf = (error: unknown): number | undefined =>
  error instanceof DriverError ? error.result : undefined;

export const isOutOfMemory = (error: unknown): boolean => resultOf(error) === RESULT.outOfMemory;

/** Can no call of this process be trusted any more? CUDA's errors of a kernel stick to the context. */
export function isDeviceLost(error: unknown): boolean {
  const result = resultOf(error);
  return result !== undefined && !HARMLESS.has(result);
}

/** The error of the contract that an error of the driver is to the host; any other error is itself. */
export function contractError(error: unknown, backend: string, bytes = 0): unknown {
  if (isOutOfMemory(error) || error instanceof NoRoomError)
    return new VoxhostError('OUT_OF_MEMORY', { backend, bytes }, error);
  if (resultOf(error) === undefined) return error;
  const { message } = error as DriverError;
  return new VoxhostError('BACKEND_FAILED', { backend, reason: message }, error);
}
