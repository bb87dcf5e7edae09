/**
 * An ONNX model in memory. Fields that this plugin has no use for are kept as they came, in `rest`.
 * https://github.com/onnx/onnx/blob/main/onnx/onnx.proto
 */
export interface Model {
  readonly irVersion: number;
  /** Version of each operator set by its domain; the standard one's domain is ''. */
  readonly opsets: ReadonlyMap<string, number>;
  readonly graph: Graph;
  readonly metadata: ReadonlyMap<string, string>;
  readonly rest: Uint8Array;
}

export interface Graph {
  readonly name: string;
  /** In topological order, as ONNX demands. */
  readonly nodes: readonly Node[];
  /** By name. */
  readonly initializers: ReadonlyMap<string, Tensor>;
  /** Without those that only give an initializer its type. */
  readonly inputs: readonly ValueInfo[];
  readonly outputs: readonly ValueInfo[];
  readonly rest: Uint8Array;
}

export interface Node {
  readonly op: string;
  /** '' is the standard one. */
  readonly domain: string;
  readonly name: string;
  /** Names of values; '' is an optional input that is left out. */
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  readonly attributes: ReadonlyMap<string, Attribute>;
}

export type Attribute =
  | { readonly kind: 'float'; readonly value: number }
  | { readonly kind: 'int'; readonly value: number }
  | { readonly kind: 'text'; readonly value: string }
  | { readonly kind: 'tensor'; readonly value: Tensor }
  | { readonly kind: 'floats'; readonly value: readonly number[] }
  | { readonly kind: 'ints'; readonly value: readonly number[] }
  /** One of another type, encoded. */
  | { readonly kind: 'other'; readonly value: Uint8Array };

/** ONNX's numbers of the element types that are met by name here. */
export const ELEMENT = { float32: 1, int16: 5, int32: 6, int64: 7, bool: 9, float64: 11 } as const;

export interface Tensor {
  /** ONNX's number of the element type. */
  readonly type: number;
  readonly dims: readonly number[];
  /** Little-endian values, the last axis fastest; undefined for a type without a plain form. */
  readonly data: Uint8Array | undefined;
  readonly rest: Uint8Array;
}

/** A dimension that is a number, or free: a name, or '' if it has none. */
export type Dimension = number | string;

export interface ValueInfo {
  readonly name: string;
  /** ONNX's number of the element type; 0 when it is not a tensor. */
  readonly type: number;
  /** Undefined when not even the rank is told. */
  readonly shape: readonly Dimension[] | undefined;
}
