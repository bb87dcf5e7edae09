import { readSync } from 'node:fs';
import { parentPort, workerData } from 'node:worker_threads';
import { MessageReader } from '../message-reader.js';
import { CancelFlags } from './cancel-flags.js';
import { endProcess } from './end-process.js';

/** What the reading thread is started with. */
export interface ReaderData {
  readonly descriptor: number;
  readonly flags: SharedArrayBuffer;
}

/**
 * The reading thread of a child: blocks on the host's stream and hands whole messages on, their blobs moved and
 * not copied. It sees a cancel while the plugin computes, and the end of the host even while the plugin is
 * in an endless native loop: it then ends the process and all that it started.
 */
export function runReader(): void {
  const { descriptor, flags: memory } = workerData as ReaderData;
  const flags = new CancelFlags(memory);
  const reader = new MessageReader();
  for (;;) {
    const count = readSync(descriptor, reader.space());
    if (count === 0) endProcess();
    const message = reader.commit(count);
    if (message === undefined) continue;
    if (message.type === 'cancel') flags.raise(message.id);
    parentPort?.postMessage(
      message,
      [message.blob].filter((blob) => blob.byteLength > 0),
    );
  }
}
