/** The members of onnxruntime-node that are used; its own types are not needed to compile. */
export interface Runtime {
  readonly env: { logLevel: string };
  readonly Tensor: new (type: string, data: TensorData, dims: readonly number[]) => RuntimeTensor;
  readonly InferenceSession: {
    create(model: Uint8Array, options: SessionOptions): Promise<RuntimeSession>;
  };
}

export type TensorData =
  | Float32Array
  | Float64Array
  | BigInt64Array
  | Int16Array
  | Int32Array
  | Uint8Array;

export interface SessionOptions {
  readonly executionProviders: readonly string[];
  readonly intraOpNumThreads: number;
  readonly interOpNumThreads: number;
  readonly graphOptimizationLevel: 'all';
  readonly enableCpuMemArena: boolean;
  readonly enableMemPattern: boolean;
  /** 4: nothing but what ends the process. */
  readonly logSeverityLevel: 4;
}

export interface RuntimeTensor {
  readonly type: string;
  readonly data: TensorData;
  readonly dims: readonly number[];
}

export interface RuntimeSession {
  readonly inputNames: readonly string[];
  readonly outputNames: readonly string[];
  run(
    feeds: Readonly<Record<string, RuntimeTensor>>,
  ): Promise<Readonly<Record<string, RuntimeTensor>>>;
  release(): Promise<void>;
}

/** What `import` gave: a CommonJS module lies under `default`. */
export function runtimeOf(module: unknown): Runtime {
  const { default: inner, InferenceSession } = module as { default?: Runtime } & Partial<Runtime>;
  const runtime = InferenceSession === undefined ? inner : (module as Runtime);
  if (typeof runtime?.InferenceSession?.create !== 'function') {
    throw new Error('the library has no InferenceSession; install onnxruntime-node');
  }
  return runtime;
}
