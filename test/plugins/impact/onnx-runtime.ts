import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';

/** What these tests use of onnxruntime-node. */
interface Ort {
  readonly env: { logLevel: string };
  readonly Tensor: new (
    type: string,
    data: Float32Array | BigInt64Array,
    dims: readonly number[],
  ) => OrtTensor;
  readonly InferenceSession: {
    create(bytes: Uint8Array, options?: object): Promise<OrtSession>;
  };
}

export interface OrtTensor {
  readonly data: Float32Array | BigInt64Array;
  readonly dims: readonly number[];
}

export interface OrtSession {
  readonly inputNames: readonly string[];
  readonly outputNames: readonly string[];
  run(feeds: Record<string, OrtTensor>): Promise<Record<string, OrtTensor>>;
}

const require = createRequire(import.meta.url);

export const onnxRuntimeUrl = (): URL => pathToFileURL(require.resolve('onnxruntime-node'));

const ort = (): Ort => require('onnxruntime-node') as Ort;

export function openSession(model: Uint8Array): Promise<OrtSession> {
  const runtime = ort();
  runtime.env.logLevel = 'error';
  return runtime.InferenceSession.create(model, { intraOpNumThreads: 1 });
}

export function tensor(values: ArrayLike<number>, dims: readonly number[]): OrtTensor {
  return new (ort().Tensor)('float32', Float32Array.from(values), dims);
}
