import {
  type IndexMap,
  type Measured,
  type MetricRun,
  type Operation,
  type Pixels,
  type Prepared,
  pixelTypeFacts,
  type Resample,
  type Resampled,
  type ResampleRun,
  type Runs,
  VoxhostError,
} from '@voxhost/sdk';
import { requireImage } from '../../request-rules.js';
import { pixelsOver, type Shared } from './encode-object.js';
import { encodeOperation, imagesOf } from './encode-operation.js';
import { type EncodedRun, encodeRun, latticesOf } from './encode-run.js';
import { BrokenContract, type Message } from './message.js';
import { outputLength } from './output-length.js';
import type { Answer, Peer, RequestOptions } from './peer.js';
import { readCount } from './read-fields.js';
import { requireRun } from './require-run.js';
import { SentObjects } from './shared-objects.js';
import { fromWire } from './wire-number.js';

/** Is told of every request that is made of the other side, so that none is waited for without end. */
export interface Watch {
  began(id: number, step: 'prepare' | 'run' | 'dispose', operation: Operation): void;
  /** It reported progress. */
  alive(id: number): void;
  cancelled(id: number): void;
}

const UNWATCHED: Watch = {
  began: () => undefined,
  alive: () => undefined,
  cancelled: () => undefined,
};

/** Prepares and runs on the other side of a stream. */
export class RemoteOperations {
  readonly #peer: Peer;
  readonly #watch: Watch;
  readonly #sent: SentObjects;

  constructor(peer: Peer, watch: Watch = UNWATCHED) {
    this.#peer = peer;
    this.#watch = watch;
    this.#sent = new SentObjects(peer);
  }

  async prepare<O extends Operation>(
    operation: O,
    signal?: AbortSignal,
  ): Promise<Prepared<O['kind']>> {
    signal?.throwIfAborted();
    const images = imagesOf(operation);
    // Starting a child takes long enough for the caller to give the pixels away.
    for (const image of images) requireImage('image', image);
    this.#sent.use(images);
    const id = this.#peer.nextId();
    try {
      const fields = { operation: encodeOperation(operation, this.#sent.numberOf) };
      const onLateResult = () =>
        void this.#ask('dispose', { fields: { prepared: id } }, { operation }).catch(
          () => undefined,
        );
      await this.#ask('prepare', { fields }, { operation, id, signal, onLateResult });
    } catch (error) {
      this.#sent.letGo(images);
      throw error;
    }
    return new RemotePrepared(id, operation, this);
  }

  async runOn(
    prepared: { readonly id: number; readonly operation: Operation },
    map: IndexMap,
    run: ResampleRun | MetricRun,
  ): Promise<Message> {
    const { id, operation } = prepared;
    const lattices = latticesOf(map);
    this.#sent.use(lattices);
    const { fields, blob }: EncodedRun = encodeRun(map, run, this.#sent.numberOf);
    const content = { fields: { prepared: id, ...fields }, blob };
    const { signal, progress } = run;
    const answer = this.#ask('run', content, {
      operation,
      signal,
      progress,
      ...(operation.kind === 'resample'
        ? outputOf(operation, run as ResampleRun)
        : { check: (message: Message) => void measured(run as MetricRun, message) }),
    });
    this.#sent.letGo(lattices as readonly Shared[]);
    return answer;
  }

  async disposeOf({ id, operation }: { id: number; operation: Operation }): Promise<void> {
    try {
      await this.#ask('dispose', { fields: { prepared: id } }, { operation });
    } catch (error) {
      if (!this.#peer.isLost) throw error; // what is gone is disposed
    } finally {
      this.#sent.letGo(imagesOf(operation));
    }
  }

  #ask(
    step: 'prepare' | 'run' | 'dispose',
    content: Answer,
    options: RequestOptions & { readonly operation: Operation; readonly id?: number },
  ): Promise<Message> {
    const id = options.id ?? this.#peer.nextId();
    this.#watch.began(id, step, options.operation);
    const onCancel = (cancelled: number) => this.#watch.cancelled(cancelled);
    const { progress: tell } = options;
    const progress = (fraction: number) => {
      this.#watch.alive(id);
      tell?.(fraction);
    };
    return this.#peer.request(step, content, { ...options, progress, onCancel }, id);
  }
}

/** Length in bytes of the answer, and where it goes. */
function outputOf(
  operation: Resample,
  { samples, into }: ResampleRun,
): { readonly blobBytes: number; readonly into: Pixels | undefined } {
  const { pixelType } = operation;
  const length = outputLength(operation, { samples });
  return { blobBytes: length * pixelTypeFacts(pixelType).bytes, into };
}

class RemotePrepared<O extends Operation> implements Prepared<O['kind']> {
  readonly #self: { readonly id: number; readonly operation: O };
  readonly #remote: RemoteOperations;
  /** Runs without an answer, in call order: the first is in progress, the others are queued. */
  readonly #unanswered = new Set<{ isRefused: boolean }>();
  #disposal: Promise<void> | undefined;

  constructor(id: number, operation: O, remote: RemoteOperations) {
    this.#self = { id, operation };
    this.#remote = remote;
  }

  async run(map: IndexMap, run: Runs[O['kind']][0]): Promise<Runs[O['kind']][1]> {
    if (this.#disposal !== undefined)
      throw new VoxhostError('DISPOSED', { what: 'the prepared operation' });
    run.signal?.throwIfAborted();
    const { operation } = this.#self;
    requireRun(operation, map, run);
    const message = await this.#whileOpen(this.#remote.runOn(this.#self, map, run));
    return operation.kind === 'resample'
      ? resampled(operation, run as ResampleRun, message)
      : measured(run as MetricRun, message);
  }

  [Symbol.asyncDispose](): Promise<void> {
    if (this.#disposal !== undefined) return this.#disposal;
    // The child may have begun a queued run before it hears of the disposal: its answer no longer counts.
    for (const queued of [...this.#unanswered].slice(1)) queued.isRefused = true;
    this.#disposal = this.#remote.disposeOf(this.#self);
    return this.#disposal;
  }

  async #whileOpen(answer: Promise<Message>): Promise<Message> {
    const run = { isRefused: false };
    this.#unanswered.add(run);
    try {
      const message = await answer;
      if (run.isRefused) throw new VoxhostError('DISPOSED', { what: 'the prepared operation' });
      return message;
    } finally {
      this.#unanswered.delete(run);
    }
  }
}

/** A child's reading thread does not know where a blob belongs: what it brought is put there. */
function resampled({ pixelType }: Resample, { into }: ResampleRun, { blob }: Message): Resampled {
  if (into === undefined) return { data: pixelsOver(pixelType, blob) };
  if (blob !== into.buffer) into.set(pixelsOver(pixelType, blob));
  return { data: into };
}

function measured({ derivative }: MetricRun, { fields, blob }: Message): Measured {
  if (blob.byteLength % 8 !== 0) throw new BrokenContract('the derivative is no float64');
  const { details } = fields as { details?: Measured['details'] };
  return {
    value: fromWire(fields['value'], 'value'),
    samples: readCount(fields, 'samples'),
    ...(derivative && blob.byteLength > 0 ? { derivative: new Float64Array(blob) } : {}),
    ...(details === undefined ? {} : { details }),
  };
}
