import type { DeviceFacts } from './machine-facts.js';

/** What `nvidia-smi` is asked for, in this order. */
export const NVIDIA_QUERY =
  'index,uuid,name,compute_cap,memory.total,memory.free,compute_mode,mig.mode.current';

/** A device in this mode takes one process; who uses it must be asked for. */
export const EXCLUSIVE = 'Exclusive_Process';

/** The version in `/proc/driver/nvidia/version`: the number after the word "Module", of either kernel module. */
export const parseDriverVersion = (text: string): string | undefined =>
  /Module\b.*?\s(\d+(?:\.\d+)+)\s/.exec(text)?.[1];

/** One GPU as the driver's tool prints it, with what the user's selection needs. */
export interface NvidiaDevice extends DeviceFacts {
  readonly index: string;
  readonly uuid: string;
}

/**
 * Devices in the tool's CSV without header and units. Lines that are none (error texts, even with exit code 0) are
 * passed over. A device split into instances (MIG) has other limits than it states, so that its memory is left open.
 *
 * @param inUse - uuids of devices that some process computes on
 */
export function parseDevices(text: string, inUse = new Set<string>()): readonly NvidiaDevice[] {
  return text.split('\n').flatMap((line) => {
    const fields = line.split(',').map((field) => field.trim());
    const [index = '', uuid = '', name = '', capability = '', ...rest] = fields;
    const [total = '', free = '', mode = '', mig = ''] = rest;
    if (fields.length !== 8 || !/^\d+$/.test(index)) return [];
    const isSplit = mig === 'Enabled';
    const busy = whyBusy(mode, inUse.has(uuid));
    return [
      {
        class: 'cuda',
        index,
        uuid,
        name,
        ...(/^\d+\.\d+$/.test(capability) && { computeCapability: capability }),
        ...(/^\d+$/.test(total) && !isSplit && { memoryMiB: Number(total) }),
        ...(/^\d+$/.test(free) && !isSplit && { freeMiB: Number(free) }),
        ...(busy !== undefined && { busy }),
      },
    ];
  });
}

function whyBusy(mode: string, isInUse: boolean): string | undefined {
  if (mode === 'Prohibited') return 'its compute mode is Prohibited';
  return mode === EXCLUSIVE && isInUse
    ? `another process computes on it, and its compute mode is ${EXCLUSIVE}`
    : undefined;
}

/**
 * What CUDA_VISIBLE_DEVICES leaves: indices or starts of uuids, in order, up to the first that is neither (CUDA C
 * programming guide, environment variables). Not set: all; empty: none.
 */
export function visibleDevices(
  devices: readonly NvidiaDevice[],
  selection: string | undefined,
): readonly NvidiaDevice[] {
  if (selection === undefined) return devices;
  const visible: NvidiaDevice[] = [];
  for (const word of selection.split(',').map((each) => each.trim())) {
    const found = devices.find(
      ({ index, uuid }) => index === word || (/^(?:GPU|MIG)-./.test(word) && uuid.startsWith(word)),
    );
    if (found === undefined) break;
    visible.push(found);
  }
  return visible;
}
