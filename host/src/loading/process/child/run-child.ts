import { inspect } from 'node:util';
import { Worker } from 'node:worker_threads';
import { DescriptorWire } from '../descriptor-wire.js';
import { CANCELLED, decodeError } from '../encode-error.js';
import type { Message } from '../message.js';
import { type Call, type Owner, Peer } from '../peer.js';
import { CancelFlags, flaggedSignal } from './cancel-flags.js';
import { ChildPlugin } from './child-plugin.js';
import { endProcess } from './end-process.js';
import type { ReaderData } from './reader.js';

/** The descriptors of the host's stream. */
const FROM_HOST = 3;
const TO_HOST = 4;

/** Runs a plugin for the host at the other end of its descriptors, until it closes them. */
export function runChild(readerFile: URL): void {
  const flags = new CancelFlags();
  const wire = new DescriptorWire(TO_HOST, endProcess);
  const owner: Owner = {
    serve: (message, call) => plugin.serve(message, seeingFlags(message, call, flags)),
    take: (message) => plugin.take(message),
    errorOf: decodeError,
    broken: (error) => lastWords(`the host broke the contract: ${error.message}`),
  };
  const peer = new Peer(2, wire, owner);
  const plugin = new ChildPlugin(peer);
  const lastWords = (fatal: string): never => {
    peer.tell({ type: 'log', id: 0, fields: { level: 'error', text: fatal, fatal } });
    return endProcess();
  };
  sayWhyItEnds(lastWords);
  const workerData: ReaderData = { descriptor: FROM_HOST, flags: flags.memory };
  const reader = new Worker(readerFile, { workerData, stdout: false, stderr: false });
  reader.on('message', (message: Message) => peer.receive(message));
  reader.on('error', (error) => lastWords(`the stream broke: ${inspect(error)}`));
}

function seeingFlags({ id }: Message, call: Call, flags: CancelFlags): Call {
  const isRaised = () => flags.isRaised(id);
  return { ...call, signal: flaggedSignal(call.signal, isRaised, () => new Error(CANCELLED)) };
}

/** Every way by which JavaScript ends a process, so that the host learns which it was. */
function sayWhyItEnds(lastWords: (text: string) => never): void {
  const exit = (code?: number | string | null): never =>
    lastWords(`called process.exit(${code ?? process.exitCode ?? 0})`);
  process.exit = exit;
  Object.assign(process, { reallyExit: exit });
  process.on('uncaughtException', (error) => lastWords(`threw outside a call: ${inspect(error)}`));
}
