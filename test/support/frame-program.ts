import { chmodSync } from 'node:fs';
import type { Manifest } from '@voxhost/sdk';
import { processManifest } from './process-plugin.js';
import type { TemporaryFolder } from './temporary-folder.js';

/**
 * Writes a program that speaks the frames itself and answers every resample with its source, but for the
 * statements that come before it answers a message. They see \`kind\` (the number of its type), \`id\`, \`fields\`,
 * \`blob\`, \`ECHO\` (the right hello), \`send(kind, id, json, binary)\`, \`raw(bytes)\`, \`header({ kind, id, json, binary })\` and, in a run,
 * \`source\`; \`return\` leaves the message unanswered. Gives the manifest's path.
 */
export function writeFrameProgram(
  folder: TemporaryFolder,
  before: string,
  changes: Partial<Manifest> = {},
): string {
  const manifest = processManifest({
    targets: [
      {
        os: process.platform,
        cpu: process.arch,
        ...(process.platform === 'linux' ? { libc: '*' as const } : {}),
        entry: { type: 'exec', path: 'program.mjs' },
      },
    ],
    ...changes,
  });
  const { id, version, name, capabilities } = manifest;
  const echo = JSON.stringify({ abi: 1, id, version, name, capabilities });
  const path = folder.write(
    'program.mjs',
    `#!${process.execPath}
import { spawn } from 'node:child_process';
import { closeSync, writeSync } from 'node:fs';
const [HELLO, PREPARE, RUN, CANCEL, DISPOSE, PUT, RELEASE, RESULT, ERROR, LOG, PROGRESS, RESOURCE, DATA] = Array.from({ length: 13 }, (_, n) => n + 1);
const header = ({ kind = RESULT, id = 0, json = 0, binary = 0, magic = 'VXF1' }) => {
  const bytes = Buffer.alloc(24);
  bytes.write(magic, 'latin1');
  bytes.writeUInt16LE(kind, 4);
  bytes.writeUInt32LE(id, 8);
  bytes.writeUInt32LE(json, 12);
  bytes.writeBigUInt64LE(BigInt(binary), 16);
  return bytes;
};
const raw = (bytes) => { for (let at = 0; at < bytes.length; ) { try { at += writeSync(1, bytes, at); } catch (error) { if (error.code !== 'EAGAIN') process.exit(3); } } };
const send = (kind, id, json = {}, binary = Buffer.alloc(0)) => {
  const text = Buffer.from(JSON.stringify(json));
  raw(Buffer.concat([header({ kind, id, json: text.length, binary: binary.length }), text, binary]));
};
const ECHO = ${echo};
const images = new Map();
const prepared = new Map();
let runs = 0;
function take(kind, id, fields, blob) {
  const source = kind === RUN ? images.get(prepared.get(fields.prepared)) : undefined;
  ${before}
  if (kind === HELLO) send(HELLO, id, ECHO);
  if (kind === PUT) images.set(fields.number, blob);
  if (kind === PREPARE) { prepared.set(id, fields.operation.source); send(RESULT, id); }
  if (kind === RUN) send(RESULT, id, {}, source);
  if (kind === DISPOSE) { send(RESULT, id); if (fields.prepared === undefined) process.exit(); }
}
let waiting = Buffer.alloc(0);
process.stdin.on('data', (bytes) => {
  waiting = Buffer.concat([waiting, bytes]);
  for (;;) {
    if (waiting.length < 24) return;
    const json = waiting.readUInt32LE(12), end = 24 + json + Number(waiting.readBigUInt64LE(16));
    if (waiting.length < end) return;
    const message = waiting.subarray(0, end);
    waiting = waiting.subarray(end);
    const fields = json === 0 ? {} : JSON.parse(message.subarray(24, 24 + json).toString());
    take(message.readUInt16LE(4), message.readUInt32LE(8), fields, Buffer.from(message.subarray(24 + json)));
  }
});
process.stdin.on('end', () => process.exit());
`,
  );
  chmodSync(path, 0o755);
  return folder.write(`${id}.plugin.json`, JSON.stringify(manifest));
}
