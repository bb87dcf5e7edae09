import type { DeviceFacts } from './machine-facts.js';

/** What `nvidia-smi` is asked for, in this order. */
export const NVIDIA_QUERY =
  'index,uuid,name,compute_cap,memory.total,compute_mode,mig.mode.current';

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
 */
export function parseDevices(text: string): readonly NvidiaDevice[] {
  return text.split('\n').flatMap((line) => {
    const fields = line.split(',').map((field) => field.trim());
    const [index = '', uuid = '', name = '', capability = '', memory = '', mode = '', mig = ''] =
      fields;
    if (fields.length !== 7 || !/^\d+$/.test(index)) return [];
    const isSplit = mig === 'Enabled';
    return [
      {
        class: 'cuda',
        index,
        uuid,
        name,
        ...(/^\d+\.\d+$/.test(capability) ? { computeCapability: capability } : {}),
        ...(/^\d+$/.test(memory) && !isSplit ? { memoryMiB: Number(memory) } : {}),
        ...(mode === 'Prohibited' ? { busy: 'its compute mode is Prohibited' } : {}),
      },
    ];
  });
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
