import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';
import {
  type Backend,
  type Context,
  type Operation,
  type Plugin,
  type Prepared,
  type Resampled,
  type Support,
  VoxhostError,
} from '@voxhost/sdk';
import { own } from '../../../own.js';
import { preparedProblem, supportProblem } from '../../answer-problem.js';
import { guardedOutput } from '../guarded-output.js';
import type { Load } from '../launch.js';
import { BrokenContract, type Fields, type Message } from '../message.js';
import { outputLength } from '../output-length.js';
import type { Answer, Call, Peer } from '../peer.js';
import { readCount, readObject } from '../read-fields.js';
import { RemoteOperations } from '../remote-operations.js';
import { ServedOperations, type Server } from '../served-operations.js';
import { ReceivedObjects } from '../shared-objects.js';
import { loadPlugin, moduleUrl } from './load-plugin.js';

/** The plugin in a child: loaded and activated by the hello, then asked to prepare and run. */
export class ChildPlugin {
  readonly #peer: Peer;
  readonly #objects = new ReceivedObjects();
  readonly #ending = new AbortController();
  #backend: Backend | undefined;
  #operations: ServedOperations | undefined;

  constructor(peer: Peer) {
    this.#peer = peer;
  }

  async serve(message: Message, call: Call): Promise<Answer> {
    if (message.type === 'hello') return { fields: await this.#hello(message.fields) };
    if (message.type === 'dispose' && message.fields['prepared'] === undefined) return this.#end();
    if (this.#operations === undefined) throw new BrokenContract(`${message.type} before hello`);
    return this.#operations.serve(message, call);
  }

  take(message: Message): void {
    if (message.type === 'put') this.#objects.put(message);
    if (message.type === 'release') this.#objects.release(message);
  }

  async #hello(fields: Fields): Promise<Fields> {
    const load = readObject(fields, 'load') as unknown as Load;
    const offered = readObject(fields, 'abi');
    const plugin = await loadPlugin(load);
    const abi = chosenAbi(plugin, readCount(offered, 'min'), readCount(offered, 'max'));
    const context = this.#context(plugin, load, readCount(fields, 'threads'));
    const backend = requireBackend(await plugin.activate(context));
    this.#backend = backend;
    this.#operations = new ServedOperations(serverOver(backend), this.#objects, load.maxConcurrent);
    const { id, version, abi: range } = plugin;
    return { id, version, abi, range, name: backend.name, capabilities: backend.capabilities };
  }

  #context({ id }: Plugin, { root, runtimes }: Load, threads: number): Context {
    const remote = new RemoteOperations(this.#peer);
    return {
      signal: this.#ending.signal,
      threads,
      log: (level, text) =>
        this.#peer.tell({ type: 'log', id: 0, fields: { level, text: String(text) } }),
      resource: async (path) =>
        new Uint8Array((await this.#peer.request('resource', { fields: { path } })).blob),
      module: async (path) => moduleUrl(id, root, path),
      runtime: async (name) => {
        const path = runtimePath(id, runtimes, name);
        return createRequire(path)(path);
      },
      runtimeUrl: async (name) => pathToFileURL(runtimePath(id, runtimes, name)),
      prepare: (operation, signal) => remote.prepare(operation, signal),
    };
  }

  async #end(): Promise<Answer> {
    await this.#operations?.close();
    await this.#backend?.[Symbol.asyncDispose]();
    this.#ending.abort();
    return { fields: {} };
  }
}

/** What `activate` gave, if it has the methods of a backend. */
function requireBackend(backend: Backend): Backend {
  for (const method of ['supports', 'prepare', Symbol.asyncDispose] as const) {
    if (typeof backend?.[method] === 'function') continue;
    throw broken(`activated a backend without ${String(method)}()`);
  }
  return backend;
}

function runtimePath(plugin: string, runtimes: Load['runtimes'], name: string): string {
  const found = own(runtimes, name);
  if (found !== undefined && 'path' in found) return found.path;
  const reason = found?.reason ?? 'is no library that the manifest requires';
  throw new VoxhostError('PLUGIN_FILE', { plugin, path: name, reason });
}

/** The highest version that both speak. */
function chosenAbi({ abi }: Partial<Plugin>, min: number, max: number): number {
  const isRange = Number.isInteger(abi?.min) && Number.isInteger(abi?.max);
  if (abi === undefined || !isRange) throw broken('has no abi { min, max } of whole numbers');
  const chosen = Math.min(max, abi.max);
  if (chosen >= Math.max(min, abi.min)) return chosen;
  throw broken(`speaks contract ${abi.min} to ${abi.max}, the host ${min} to ${max}`);
}

const broken = (text: string): Error =>
  Object.assign(new Error(text), { code: 'CONTRACT_VIOLATION' });

async function preparedBy(
  backend: Backend,
  operation: Operation,
  signal: AbortSignal,
): Promise<Prepared<Operation['kind']>> {
  const prepared = await backend.prepare(operation, signal);
  const problem = preparedProblem(prepared);
  if (problem !== undefined) throw broken(problem);
  return prepared;
}

const serverOver = (backend: Backend): Server => ({
  prepare: async (operation: Operation, signal): Promise<Prepared<Operation['kind']>> => {
    const support: Support = backend.supports(operation);
    const problem = supportProblem(support);
    if (problem !== undefined) throw broken(problem);
    if (support.ok) return preparedBy(backend, operation, signal);
    const { axis, reason } = support;
    throw new VoxhostError('UNSUPPORTED', { backend: backend.name, axis, reason });
  },
  resample: async (prepared, operation, { map, run }) => {
    const output = guardedOutput(operation.pixelType, outputLength(operation, run));
    const answer = (await prepared.run(map, { ...run, into: output.into })) as
      | Resampled
      | undefined;
    const problem =
      answer?.data === output.into
        ? output.problem()
        : 'did not answer in the buffer that it was given';
    if (problem !== undefined) throw broken(problem);
    return { data: output.into };
  },
});
