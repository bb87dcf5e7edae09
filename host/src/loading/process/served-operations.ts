import {
  type IndexMap,
  type Measured,
  type MetricRun,
  type Operation,
  type Prepared,
  type Resample,
  type Resampled,
  type ResampleRun,
  VoxhostError,
} from '@voxhost/sdk';
import { decodeOperation } from './encode-operation.js';
import { decodeRun } from './encode-run.js';
import { Gate } from './gate.js';
import { BrokenContract, type Message } from './message.js';
import type { Answer, Call } from './peer.js';
import { readCount, readObject } from './read-fields.js';
import type { ReceivedObjects } from './shared-objects.js';
import { toWire } from './wire-number.js';

/** How the operations of the other side are carried out here. */
export interface Server {
  prepare(operation: Operation, signal: AbortSignal): Promise<Prepared<Operation['kind']>>;
  /** Runs one resample; the place to give the backend a buffer and to look at what it did to it. */
  resample(
    prepared: Prepared<'resample'>,
    operation: Resample,
    asked: { readonly map: IndexMap; readonly run: ResampleRun },
  ): Promise<Resampled & { readonly sent?: () => void }>;
}

interface Served {
  readonly operation: Operation;
  readonly prepared: Prepared<Operation['kind']>;
  /** Runs without an answer. */
  readonly running: Set<Promise<Answer>>;
  isDisposed: boolean;
}

/** Carries out what the other side asks for, at most `maxConcurrent` prepares and runs at once. */
export class ServedOperations {
  readonly #server: Server;
  readonly #objects: ReceivedObjects;
  readonly #gate: Gate;
  readonly #served = new Map<number, Served>();

  constructor(server: Server, objects: ReceivedObjects, maxConcurrent: number) {
    this.#server = server;
    this.#objects = objects;
    this.#gate = new Gate(maxConcurrent);
  }

  /** Not async: objects are looked up now, before the sender may release them. */
  serve(message: Message, call: Call): Promise<Answer> {
    switch (message.type) {
      case 'prepare':
        return this.#prepare(message, call);
      case 'run':
        return this.#run(message, call);
      case 'dispose':
        return this.#dispose(readCount(message.fields, 'prepared'));
      default:
        throw new BrokenContract(`${message.type} is not for this side`);
    }
  }

  /** Disposes what the other side left. */
  async close(): Promise<void> {
    const left = [...this.#served.keys()];
    await Promise.allSettled(left.map((id) => this.#dispose(id)));
  }

  async #prepare({ id, fields }: Message, { signal }: Call): Promise<Answer> {
    const operation = decodeOperation(readObject(fields, 'operation'), this.#objects.image);
    return this.#gate.through(async () => {
      signal.throwIfAborted();
      const prepared = await this.#server.prepare(operation, signal);
      if (signal.aborted) await prepared[Symbol.asyncDispose]();
      signal.throwIfAborted();
      this.#served.set(id, { operation, prepared, running: new Set(), isDisposed: false });
      return { fields: {} };
    });
  }

  #run(message: Message, call: Call): Promise<Answer> {
    const served = this.#find(readCount(message.fields, 'prepared'));
    const { kind } = served.operation;
    const { map, run } = decodeRun(kind, message, this.#objects.lattice);
    const { progress } = message.fields;
    const options = { signal: call.signal, ...(progress ? { progress: call.progress } : {}) };
    const answer = this.#gate.through(async () => {
      call.signal.throwIfAborted();
      if (served.isDisposed) throw new VoxhostError('DISPOSED', { what: 'the prepared operation' });
      return this.#answer(served, map, { ...run, ...options });
    });
    served.running.add(answer);
    const forget = () => void served.running.delete(answer);
    answer.then(forget, forget);
    return answer;
  }

  async #answer(
    { operation, prepared }: Served,
    map: IndexMap,
    run: ResampleRun | MetricRun,
  ): Promise<Answer> {
    if (operation.kind === 'metric')
      return measuredAnswer(await (prepared as Prepared<'metric'>).run(map, run as MetricRun));
    const asked = { map, run: run as ResampleRun };
    const resample = prepared as Prepared<'resample'>;
    const { data, sent } = await this.#server.resample(resample, operation, asked);
    return { fields: {}, blob: [data], ...(sent && { sent }) };
  }

  async #dispose(id: number): Promise<Answer> {
    const served = this.#find(id);
    served.isDisposed = true;
    this.#served.delete(id);
    await served.prepared[Symbol.asyncDispose]();
    await Promise.allSettled(served.running); // their answers go first
    return { fields: {} };
  }

  #find(id: number): Served {
    const served = this.#served.get(id);
    if (served === undefined) throw new BrokenContract(`named Prepared ${id}, which is not open`);
    return served;
  }
}

function measuredAnswer({ value, samples, derivative, details }: Measured): Answer {
  const fields = { value: toWire(value), samples, ...(details === undefined ? {} : { details }) };
  return derivative === undefined ? { fields } : { fields, blob: [derivative] };
}
