import type { ChildProcess } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import type { Readable, Writable } from 'node:stream';
import { type Context, type LogLevel, VoxhostError } from '@voxhost/sdk';
import { HostError } from '../../errors.js';
import { clipped } from '../clipped.js';
import { type Death, deathOf } from './death.js';
import { decodeError } from './encode-error.js';
import { killTree } from './kill-tree.js';
import type { LaunchPlan } from './launch-plan.js';
import { BrokenContract, type Fields, type Message } from './message.js';
import { MessageReader } from './message-reader.js';
import { OutputLines } from './output-lines.js';
import { lending, OutputPool } from './output-pool.js';
import { type Answer, type Call, type Owner, Peer } from './peer.js';
import { readText } from './read-fields.js';
import { ResidentLimit } from './resident-limit.js';
import { ServedOperations } from './served-operations.js';
import { ReceivedObjects } from './shared-objects.js';
import { SocketWire } from './socket-wire.js';
import { spawnPlan, streamsOf } from './spawn-plan.js';
import { Watchdog } from './watchdog.js';

/** What the host lends to a plugin in a process, and what it wants to know of it. */
export interface ProcessHooks {
  readonly log: (level: LogLevel, text: string) => void;
  /** Told of the process's life: start, end. */
  readonly trace: (text: string) => void;
  /** The host's routing without this plugin. */
  readonly prepare: Context['prepare'];
  readonly resource: (path: string) => Promise<Uint8Array>;
  /** Called when the process ends in any other way than by `end`, and for every contract that is broken in an answer. */
  readonly onFault: (fault: Death) => void;
}

export interface ProcessLimits {
  /** Time that a cancelled request has for its answer before the process is killed, in milliseconds. */
  readonly cancelMs: number;
  readonly disposeMs: number;
  /** Resident memory at which the process is killed, in bytes. */
  readonly residentBytes: number;
}

/** After its end, or the end of its stream, what is on its way is waited for so long. */
const DRAIN_MS = 1000;
/** Requests of one plugin to the host's routing that are worked on at once. */
const NESTED_AT_ONCE = 16;

/** One child: started, spoken to, watched, and in the end killed with everything that it started. */
export class PluginProcess implements Owner {
  readonly peer: Peer;
  /** Resolves when the process is gone, whatever the reason. */
  readonly ended: Promise<void>;
  readonly watchdog: Watchdog;
  readonly #id: string;
  readonly #child: ChildProcess;
  readonly #mark: string;
  readonly #hooks: ProcessHooks;
  readonly #limits: ProcessLimits;
  readonly #wire: SocketWire;
  readonly #errors: OutputLines;
  readonly #objects: ReceivedObjects;
  readonly #nested: ServedOperations;
  readonly #memory: ResidentLimit;
  #death: Death | undefined;
  #lastWords: string | undefined;
  #isEnding = false;

  constructor(
    plugin: {
      readonly id: string;
      readonly plan: (treeMark: string) => LaunchPlan;
      readonly cwd: string;
    },
    hooks: ProcessHooks,
    limits: ProcessLimits,
  ) {
    this.#id = plugin.id;
    this.#mark = randomUUID();
    this.#hooks = hooks;
    this.#limits = limits;
    const plan = plugin.plan(this.#mark);
    this.#child = spawnPlan(plan, plugin.cwd);
    this.ended = new Promise((resolve) => {
      this.#child.once('exit', resolve).once('error', resolve);
    });
    this.#objects = new ReceivedObjects(limits.residentBytes);
    this.#memory = new ResidentLimit(limits.residentBytes);
    this.#nested = new ServedOperations(
      { prepare: hooks.prepare, resample: lending(new OutputPool()) },
      this.#objects,
      NESTED_AT_ONCE,
    );
    this.watchdog = new Watchdog((what, limitMs) =>
      this.#die({ verdict: 'hung', reason: `it did not answer ${what} within ${limitMs} ms` }),
    );
    hooks.trace(`starts as process ${this.#child.pid}: ${plan.file} ${plan.args.join(' ')}`);
    const { input, output } = streamsOf(this.#child, plan);
    this.#wire = new SocketWire(input);
    this.peer = new Peer(1, this.#wire, this, (id) => this.#answered(id));
    this.#errors = this.#listenToOutput(plan);
    this.#listen(input, output);
    this.keepHostAlive(false);
  }

  get isLost(): boolean {
    return this.#death !== undefined || this.#isEnding;
  }

  get pid(): number | undefined {
    return this.#child.pid;
  }

  /** What its environment and that of all its descendants has, for `readMarked`. */
  get mark(): string {
    return this.#mark;
  }

  /** Bytes sent to it so far. */
  get sentBytes(): number {
    return this.#wire.sentBytes;
  }

  /** Asks it to end, gives it its time, and ends it with all that it started. */
  async end(): Promise<void> {
    if (this.isLost) return;
    const { disposeMs } = this.#limits;
    const { isBusy, isWanted } = this.watchdog;
    const asked = this.ask('dispose', { fields: {} }, 'its end', disposeMs).catch(() => undefined);
    // What was cancelled and goes on all the same is not waited for.
    await (isBusy && !isWanted ? Promise.race([asked, unheardDelay(disposeMs)]) : asked);
    this.#isEnding = true;
    this.#die({ verdict: 'ready', reason: 'it was ended' });
  }

  /** A request with a limit. */
  ask(type: 'hello' | 'dispose', content: Answer, what: string, limitMs: number): Promise<Message> {
    const id = this.peer.nextId();
    this.began(id, what, limitMs);
    return this.peer.request(type, content, {}, id);
  }

  began(id: number, what: string, limitMs: number): void {
    if (this.isLost) return;
    this.watchdog.began(id, what, limitMs);
    this.keepHostAlive(true);
  }

  cancelled(id: number): void {
    this.watchdog.cancelled(id, this.#limits.cancelMs);
  }

  /** An idle child does not keep the host's process from ending; one that computes does. */
  keepHostAlive(isNeeded: boolean): void {
    for (const handle of [this.#child, ...this.#child.stdio]) {
      const counted = handle as { ref?: () => void; unref?: () => void } | null;
      if (isNeeded) counted?.ref?.();
      else counted?.unref?.();
    }
  }

  /** The error by which every call fails after this death. */
  failure({ verdict, reason }: Death): HostError {
    return new HostError('PLUGIN_FAILED', { plugin: this.#id, verdict, reason });
  }

  async serve(message: Message, call: Call): Promise<Answer> {
    this.watchdog.pause();
    try {
      if (message.type !== 'resource') return await this.#nested.serve(message, call);
      const file = await this.#hooks.resource(readText(message.fields, 'path'));
      return { fields: {}, blob: [file] };
    } finally {
      this.watchdog.resume();
    }
  }

  take(message: Message): void {
    if (message.type === 'put') this.#objects.put(message);
    else if (message.type === 'release') this.#objects.release(message);
    else this.#heard(message.fields);
  }

  #heard({ level, text, fatal }: Fields): void {
    if (typeof fatal === 'string') this.#lastWords = fatal;
    const known = LEVELS.find((word) => word === level) ?? 'info';
    this.#hooks.log(known, String(text).slice(0, 10_000));
  }

  errorOf(fields: Fields): Error {
    const verdict = VERDICTS.get(fields['code']);
    if (verdict === undefined) return decodeError(fields);
    const fault: Death = { verdict, reason: clipped(`it ${String(fields['message'])}`) };
    if (this.#death === undefined) this.#hooks.onFault(fault);
    return this.failure(fault);
  }

  broken(error: BrokenContract): void {
    this.#die({ verdict: 'contract-violation', reason: `on its stream: ${error.message}` });
  }

  #answered(id: number): void {
    this.watchdog.ended(id);
    if (!this.watchdog.isBusy) this.keepHostAlive(false);
    const memory = this.#memory.overrun(this.#child.pid);
    if (memory !== undefined) this.#die({ verdict: 'leaking', reason: memory });
  }

  #listenToOutput({ stream }: LaunchPlan): OutputLines {
    const { stdout, stderr } = this.#child;
    if (stream === 'descriptor' && stdout !== null)
      new OutputLines(stdout, (line) => this.#hooks.log('info', `stdout: ${line}`));
    return new OutputLines(stderr as Readable, (line) =>
      this.#hooks.log('info', `stderr: ${line}`),
    );
  }

  #listen(input: Writable, output: Readable): void {
    const reader = new MessageReader(this.peer.blobTarget);
    output.on('data', (bytes: Uint8Array) => this.#read(reader, bytes));
    const ended = new Promise<void>((resolve) =>
      output.once('close', resolve).once('end', resolve),
    );
    input.on('error', () => undefined); // the end of the process says what happened
    output.on('error', () => undefined);
    this.#child.on('error', (error) =>
      this.#die({ verdict: 'load-failed', reason: `it cannot be started: ${error.message}` }),
    );
    const exited = new Promise<readonly [number | null, NodeJS.Signals | null]>((resolve) =>
      this.#child.once('exit', (code, signal) => resolve([code, signal])),
    );
    void this.#bury(exited, ended);
  }

  /** Exit and end of stream come in either order, and a grandchild may keep the stream open. */
  async #bury(
    exited: Promise<readonly [number | null, NodeJS.Signals | null]>,
    ended: Promise<void>,
  ): Promise<void> {
    await Promise.race([exited, ended]);
    await Promise.race([Promise.all([exited, ended]), unheardDelay(DRAIN_MS)]);
    const open = 'is open' as const;
    const exit = await Promise.race([exited, Promise.resolve(open)]);
    const during = this.watchdog.during;
    if (exit === open)
      return this.#die({ verdict: 'crashed', reason: `it closed its stream ${during}` });
    const [code, signal] = exit;
    const stderr = this.#errors.tail();
    this.#die(deathOf({ code, signal, lastWords: this.#lastWords, stderr, during }));
  }

  #read(reader: MessageReader, bytes: Uint8Array): void {
    if (this.#death !== undefined) return;
    try {
      for (const message of reader.push(bytes)) this.peer.receive(message);
    } catch (error) {
      if (!(error instanceof BrokenContract)) throw error;
      this.broken(error);
    }
  }

  #die(death: Death): void {
    if (this.#death !== undefined) return;
    this.#death = death;
    this.#hooks.trace(`ends as process ${this.#child.pid}: ${death.verdict}, ${death.reason}`);
    this.watchdog.stop();
    if (this.#child.pid !== undefined) killTree(this.#child.pid, this.#mark);
    const ended = new VoxhostError('DISPOSED', { what: `the process of plugin "${this.#id}"` });
    this.peer.lose(this.#isEnding ? ended : this.failure(death));
    this.keepHostAlive(false);
    for (const stream of this.#child.stdio) stream?.destroy();
    void this.#nested.close();
    if (!this.#isEnding) this.#hooks.onFault(death);
  }
}

const LEVELS: readonly LogLevel[] = ['debug', 'info', 'warn', 'error'];

/** Words by which a child's runtime says what the plugin did. */
const VERDICTS: ReadonlyMap<unknown, Death['verdict']> = new Map([
  ['CONTRACT_VIOLATION', 'contract-violation'],
] as const);

const unheardDelay = (ms: number): Promise<void> =>
  new Promise((resolve) => {
    setTimeout(resolve, ms).unref();
  });
