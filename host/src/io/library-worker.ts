import { Worker } from 'node:worker_threads';
import { type FaultError, faultIn } from './bad-file.js';

/**
 * What runs in the worker. Its source text is all that gets there, so it closes over nothing and imports
 * nothing: it has the library, its input, and what Node has globally.
 */
export type LibraryTask<L, I, O> = (library: L, input: I) => Promise<O>;

export interface LibraryCall<L, I, O> {
  /** Name of the package. */
  readonly library: string;
  readonly task: LibraryTask<L, I, O>;
  readonly input: I;
  /** After which the library is taken for one that never ends. */
  readonly limitMs: number;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Runs `task` with a library that is loaded only here and only now, in a worker thread, so that the event
 * loop lives and a crash or hang of the library ends with the thread. A text from source works in a bundle and
 * in the single executable, where there is no worker file. Throws the fault when the package is not installed.
 */
export async function runWithLibrary<L, I, O>(call: LibraryCall<L, I, O>): Promise<O> {
  const { signal } = call;
  signal?.throwIfAborted();
  const workerData = { url: locate(call.library), input: call.input };
  const source = `(${workerMain})(${call.task})`;
  const worker = new Worker(source, { eval: true, workerData, stdout: true, stderr: true });
  const abort = () => void worker.terminate();
  signal?.addEventListener('abort', abort);
  let late = false;
  const watchdog = setTimeout(() => {
    late = true;
    abort();
  }, call.limitMs);
  try {
    return await new Promise<O>((resolve, reject) => {
      worker.once('message', (answer: Answer<O>) => {
        if (signal?.aborted) reject(signal.reason);
        else if ('result' in answer) resolve(answer.result);
        else if (answer.missing) reject(missing(call.library));
        else reject(faultIn('file', `cannot be read: ${answer.error}`));
      });
      worker.once('error', (error) => reject(faultIn('file', `cannot be read: ${error.message}`)));
      worker.once('exit', () => {
        if (signal?.aborted) reject(signal.reason);
        else
          reject(faultIn('file', late ? 'keeps its reader busy without end' : 'ended its reader'));
      });
    });
  } finally {
    clearTimeout(watchdog);
    signal?.removeEventListener('abort', abort);
    await worker.terminate();
  }
}

type Answer<O> = { readonly result: O } | { readonly error: string; readonly missing: boolean };

/** The package as seen from the host; else its bare name, which the worker looks for from the current folder. */
function locate(library: string): string {
  try {
    return import.meta.resolve(library);
  } catch {
    return library; // absent, or in a bundle that has no resolve
  }
}

function missing(library: string): FaultError {
  const remedy = `npm install ${library}`;
  return faultIn('format', `needs the package ${library}, which is not installed`, remedy);
}

/** The worker's side; self-contained, see `LibraryTask`. */
async function workerMain<L, I, O>(task: LibraryTask<L, I, O>): Promise<void> {
  const { parentPort, workerData } = process.getBuiltinModule('node:worker_threads');
  const { url, input } = workerData as { url: string; input: I };
  try {
    const result = await task((await import(url)) as L, input);
    parentPort?.postMessage({ result });
  } catch (error) {
    const { message, code } = (error ?? {}) as { message?: string; code?: string };
    const text = message ?? JSON.stringify(error);
    const missing = code === 'ERR_MODULE_NOT_FOUND';
    parentPort?.postMessage({ error: String(text).split('\n')[0].slice(0, 200), missing });
  }
}
