import { CANCELLED, encodeError } from './encode-error.js';
import { BrokenContract, type Fields, type Message, NO_BLOB, type Outgoing } from './message.js';
import type { BlobTarget } from './message-reader.js';

/** Takes messages, in this order; a cancel overtakes the others. Nothing is sent after the stream was lost. */
export interface Wire {
  send(message: Outgoing): void;
}

export interface Answer {
  readonly fields: Fields;
  readonly blob?: readonly ArrayBufferView[];
  /** Called when all of it was written. */
  readonly sent?: () => void;
}

/** What a request that came in may use while it is served. */
export interface Call {
  readonly signal: AbortSignal;
  progress(fraction: number): void;
}

/** What the owner of a peer does with what comes in. Both may throw `BrokenContract`, which ends the peer. */
export interface Owner {
  serve(message: Message, call: Call): Promise<Answer>;
  /** Messages without an answer: put, release, log. */
  take(message: Message): void;
  /** The error that an error message stands for. */
  errorOf(fields: Fields): Error;
  /** The other side broke the contract: the stream is of no use any more. */
  broken(error: BrokenContract): void;
}

export interface RequestOptions {
  readonly signal?: AbortSignal | undefined;
  readonly progress?: ((fraction: number) => void) | undefined;
  /** The answer's blob has exactly so many bytes; else the contract is broken. */
  readonly blobBytes?: number;
  /** Where the answer's blob goes; of `blobBytes`. */
  readonly into?: ArrayBufferView | undefined;
  /** Looks at the answer before anybody gets it; throws `BrokenContract`. */
  readonly check?: (answer: Message) => void;
  /** Told of the result of a request that was cancelled: what it opened is nobody's. */
  readonly onLateResult?: () => void;
  /** Told when the request is cancelled; it may still be answered. */
  readonly onCancel?: (id: number) => void;
}

/** Called with the id of every request that is answered, or lost. */
export type OnAnswer = (id: number) => void;

interface Pending {
  readonly options: RequestOptions;
  readonly resolve: (message: Message) => void;
  readonly reject: (error: unknown) => void;
  readonly onAbort: () => void;
  isCancelled: boolean;
}

const IS_REQUEST: ReadonlySet<string> = new Set(['hello', 'prepare', 'run', 'dispose', 'resource']);

const HAS_BLOB: ReadonlySet<string> = new Set(['put', 'run', 'result']);

/**
 * One end of the stream: matches answers to requests, serves the other side's, hands cancels on. The same
 * at both ends, but for the numbers of its requests.
 */
export class Peer {
  readonly #wire: Wire;
  readonly #owner: Owner;
  readonly #first: 1 | 2;
  readonly #onAnswer: OnAnswer;
  readonly #pending = new Map<number, Pending>();
  readonly #serving = new Map<number, AbortController>();
  /** Cancels that overtook their request. */
  readonly #cancelledEarly = new Set<number>();
  #nextId: number;
  #highestServed = 0;
  #lost: unknown;

  /** `first`: 1 for the host, 2 for the plugin. */
  constructor(first: 1 | 2, wire: Wire, owner: Owner, onAnswer: OnAnswer = () => undefined) {
    this.#wire = wire;
    this.#owner = owner;
    this.#first = first;
    this.#nextId = first;
    this.#onAnswer = onAnswer;
  }

  /** For `MessageReader`: the answer to a request with `into` is read straight into it. */
  readonly blobTarget: BlobTarget = ({ type, id }, bytes) => {
    if (!HAS_BLOB.has(type)) throw new BrokenContract(`${type} with ${bytes} bytes`);
    const pending = type === 'result' ? this.#pending.get(id) : undefined;
    if (pending?.options.blobBytes !== undefined && pending.options.blobBytes !== bytes)
      throw new BrokenContract(`answered ${bytes} bytes instead of ${pending.options.blobBytes}`);
    if (pending?.isCancelled) return undefined;
    const into = pending?.options.into;
    if (into === undefined) return { buffer: new ArrayBuffer(bytes), offset: 0 };
    return { buffer: into.buffer as ArrayBuffer, offset: into.byteOffset };
  };

  get isLost(): boolean {
    return this.#lost !== undefined;
  }

  nextId(): number {
    const id = this.#nextId;
    this.#nextId += 2;
    return id;
  }

  /** Resolves with the answer; rejects with the other side's error, with the signal's reason, or with why the stream was lost. */
  request(
    type: 'hello' | 'prepare' | 'run' | 'dispose' | 'resource',
    content: Answer,
    options: RequestOptions = {},
    id = this.nextId(),
  ): Promise<Message> {
    if (this.#lost !== undefined) return Promise.reject(this.#lost);
    if (options.signal?.aborted) return Promise.reject(options.signal.reason);
    return new Promise((resolve, reject) => {
      const onAbort = () => this.#cancel(id);
      this.#pending.set(id, { options, resolve, reject, onAbort, isCancelled: false });
      options.signal?.addEventListener('abort', onAbort, { once: true });
      this.#wire.send({ type, id, ...content });
    });
  }

  /** Sends what has no answer. */
  tell(message: Outgoing): void {
    if (this.#lost === undefined) this.#wire.send(message);
  }

  receive(message: Message): void {
    if (this.#lost !== undefined) return;
    try {
      this.#dispatch(message);
    } catch (error) {
      if (!(error instanceof BrokenContract)) throw error;
      this.#owner.broken(error);
    }
  }

  /** The stream is lost: rejects what is open, and everything after. */
  lose(reason: unknown): void {
    if (this.#lost !== undefined) return;
    this.#lost = reason;
    for (const id of [...this.#pending.keys()]) this.#close(id)?.reject(reason);
    for (const controller of this.#serving.values()) controller.abort(reason);
    this.#serving.clear();
  }

  #isMine(id: number): boolean {
    return id > 0 && id % 2 === this.#first % 2;
  }

  #dispatch(message: Message): void {
    const { type: kind, id } = message;
    switch (kind) {
      case 'result':
      case 'error':
        this.#answered(message);
        break;
      case 'progress':
        this.#progressed(message);
        break;
      case 'cancel':
        this.#cancelled(id);
        break;
      case 'put':
      case 'release':
      case 'log':
        this.#owner.take(message);
        break;
      case 'hello':
        if (this.#isMine(id)) this.#answered(message);
        else this.#serve(message);
        break;
      case 'prepare':
      case 'run':
      case 'dispose':
      case 'resource':
        this.#serve(message);
        break;
      default:
        kind satisfies never;
    }
  }

  #answered(message: Message): void {
    const pending = this.#pending.get(message.id);
    if (pending === undefined)
      throw new BrokenContract(`answered request ${message.id}, which is not open`);
    if (message.type !== 'error' && !pending.isCancelled) check(message, pending.options);
    this.#close(message.id);
    if (message.type === 'error') pending.reject(this.#owner.errorOf(message.fields));
    else if (pending.isCancelled) pending.options.onLateResult?.();
    else pending.resolve(message);
  }

  #progressed({ id, fields }: Message): void {
    const pending = this.#pending.get(id);
    const { fraction } = fields;
    if (pending === undefined || pending.isCancelled || typeof fraction !== 'number') return;
    pending.options.progress?.(Math.min(1, Math.max(0, fraction)));
  }

  /** Answered, or lost. */
  #close(id: number): Pending | undefined {
    const pending = this.#pending.get(id);
    if (pending === undefined) return undefined;
    this.#pending.delete(id);
    pending.options.signal?.removeEventListener('abort', pending.onAbort);
    this.#onAnswer(id);
    return pending;
  }

  /** The caller is told at once; the request stays open until the other side has answered it. */
  #cancel(id: number): void {
    const pending = this.#pending.get(id);
    if (pending === undefined || pending.isCancelled) return;
    pending.isCancelled = true;
    this.#wire.send({ type: 'cancel', id, fields: {} });
    pending.options.onCancel?.(id);
    pending.reject(pending.options.signal?.reason);
  }

  #cancelled(id: number): void {
    if (this.#isMine(id)) throw new BrokenContract(`cancelled request ${id}, which is not its own`);
    this.#serving.get(id)?.abort(new Error(CANCELLED));
    if (id > this.#highestServed) this.#cancelledEarly.add(id);
  }

  #serve(message: Message): void {
    const { id, type } = message;
    if (this.#isMine(id) || id <= this.#highestServed || !IS_REQUEST.has(type))
      throw new BrokenContract(`${type} came under id ${id}, which is not a new one`);
    this.#highestServed = id;
    const controller = new AbortController();
    if (this.#cancelledEarly.delete(id)) controller.abort(new Error(CANCELLED));
    this.#serving.set(id, controller);
    const progress = (fraction: number) =>
      this.#serving.has(id) ? this.tell({ type: 'progress', id, fields: { fraction } }) : undefined;
    this.#owner.serve(message, { signal: controller.signal, progress }).then(
      ({ fields, blob, sent }) =>
        this.#reply({
          type: type === 'hello' ? 'hello' : 'result',
          id,
          fields,
          ...(blob ? { blob } : {}),
          ...(sent ? { sent } : {}),
        }),
      (error: unknown) => this.#refuse(id, controller.signal, error),
    );
  }

  /** What JSON cannot say, such as a ring in the details of a metric, is answered as an error. */
  #reply(message: Outgoing): void {
    const { id } = message;
    this.#serving.delete(id);
    try {
      this.tell(message);
    } catch (error) {
      const text = `answered what cannot be sent: ${error instanceof Error ? error.message : ''}`;
      this.tell({ type: 'error', id, fields: { code: 'CONTRACT_VIOLATION', message: text } });
    }
  }

  #refuse(id: number, signal: AbortSignal, error: unknown): void {
    const fields = signal.aborted ? { code: CANCELLED } : encodeError(error);
    if (error instanceof BrokenContract) this.#owner.broken(error);
    else this.#reply({ type: 'error', id, fields });
  }
}

function check(answer: Message, { blobBytes = 0, check: look }: RequestOptions): void {
  if (blobBytes > 0 && answer.blob === NO_BLOB)
    throw new BrokenContract(`answered no bytes instead of ${blobBytes}`);
  look?.(answer);
}
