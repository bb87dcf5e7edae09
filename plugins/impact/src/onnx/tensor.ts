import { ELEMENT, type Tensor } from './model.js';

const NOTHING = new Uint8Array(0);

/** Bytes per element of the types that have a plain form: ONNX's TensorProto.DataType. */
export const ELEMENT_BYTES: ReadonlyMap<number, number> = new Map([
  [1, 4],
  [2, 1],
  [3, 1],
  [4, 2],
  [5, 2],
  [6, 4],
  [7, 8],
  [9, 1],
  [10, 2],
  [11, 8],
  [12, 4],
  [13, 8],
  [16, 2],
]);

export function floatTensor(dims: readonly number[], values: ArrayLike<number>): Tensor {
  const data = new Uint8Array(values.length * 4);
  const view = new DataView(data.buffer);
  for (let i = 0; i < values.length; i++) view.setFloat32(i * 4, values[i], true);
  return { type: ELEMENT.float32, dims, data, rest: NOTHING };
}

export function integerTensor(dims: readonly number[], values: readonly number[]): Tensor {
  const data = new Uint8Array(values.length * 8);
  const view = new DataView(data.buffer);
  for (const [i, value] of values.entries()) view.setBigInt64(i * 8, BigInt(value), true);
  return { type: ELEMENT.int64, dims, data, rest: NOTHING };
}

/** Values of a float32 or float64 tensor, or undefined for another type. */
export function floatsOf(tensor: Tensor): Float64Array | undefined {
  const { type, data } = tensor;
  if (data === undefined) return undefined;
  const view = new DataView(data.buffer, data.byteOffset, data.byteLength);
  if (type === ELEMENT.float32) {
    return Float64Array.from({ length: data.length / 4 }, (_, i) => view.getFloat32(i * 4, true));
  }
  if (type !== ELEMENT.float64) return undefined;
  return Float64Array.from({ length: data.length / 8 }, (_, i) => view.getFloat64(i * 8, true));
}

/** Values of an int64 or int32 tensor, or undefined for another type. */
export function integersOfTensor(tensor: Tensor): number[] | undefined {
  const { type, data } = tensor;
  if (data === undefined) return undefined;
  const view = new DataView(data.buffer, data.byteOffset, data.byteLength);
  if (type === ELEMENT.int64) {
    return Array.from({ length: data.length / 8 }, (_, i) => Number(view.getBigInt64(i * 8, true)));
  }
  if (type !== ELEMENT.int32) return undefined;
  return Array.from({ length: data.length / 4 }, (_, i) => view.getInt32(i * 4, true));
}
