/** What a verdict depends on besides the plugin's own files: plain data, so that any machine can be described. */
export interface MachineFacts {
  readonly host: {
    readonly version: string;
    readonly abi: { readonly name: string; readonly min: number; readonly max: number };
  };
  readonly node: {
    readonly version: string;
    /** Highest Node-API version, `process.versions.napi`. */
    readonly napi: number;
  };
  /** `process.platform`. */
  readonly os: string;
  /** `os.release()`: of the kernel on Linux, Darwin's on macOS, 10.0.x on Windows. */
  readonly osVersion: string;
  /** `process.arch`: what this process can load, whatever the machine is. */
  readonly cpu: string;
  /** Absent where there is none to choose: not Linux. */
  readonly libc?: { readonly kind: 'glibc' | 'musl'; readonly version?: string };
  /** Instruction sets as Linux names them in /proc/cpuinfo; undefined where they cannot be known. */
  readonly cpuFeatures?: readonly string[];
  /** WebAssembly features that validate. */
  readonly wasm: readonly string[];
}
