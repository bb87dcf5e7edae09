/** Types of C that kernels' parameters are made of. */
const SCALARS = {
  uint64: {
    bytes: 8,
    write: (view, at, value) => view.setBigUint64(at, BigInt.asUintN(64, BigInt(value)), true),
  },
  int64: { bytes: 8, write: (view, at, value) => view.setBigInt64(at, BigInt(value), true) },
  int32: { bytes: 4, write: (view, at, value) => view.setInt32(at, Number(value), true) },
  float: { bytes: 4, write: (view, at, value) => view.setFloat32(at, Number(value), true) },
  double: { bytes: 8, write: (view, at, value) => view.setFloat64(at, Number(value), true) },
} as const satisfies { readonly [type: string]: Scalar };

interface Scalar {
  readonly bytes: number;
  readonly write: (view: DataView, at: number, value: number | bigint) => void;
}

type ScalarName = keyof typeof SCALARS;
/** One value, or an array of so many. */
type Field = ScalarName | readonly [ScalarName, number];
export type Fields = { readonly [name: string]: Field };

/** Values for a struct's fields. */
export type ValuesOf<F extends Fields> = {
  readonly [N in keyof F]: F[N] extends ScalarName ? number | bigint : ArrayLike<number>;
};

/** A struct as a C compiler lays it out on every system that CUDA runs on: little-endian, each field aligned by its size. */
export interface Struct<F extends Fields> {
  readonly bytes: number;
  pack(values: ValuesOf<F>): Uint8Array;
}

/** @param fields - in the order of the struct in `kernels/parameters.h` */
export function defineStruct<F extends Fields>(fields: F): Struct<F> {
  const placed: { name: string; scalar: Scalar; count: number; at: number }[] = [];
  let end = 0;
  let align = 1;
  for (const [name, field] of Object.entries(fields)) {
    const [type, count] = typeof field === 'string' ? [field, 1] : field;
    const scalar = SCALARS[type];
    const at = Math.ceil(end / scalar.bytes) * scalar.bytes;
    placed.push({ name, scalar, count, at });
    end = at + scalar.bytes * count;
    align = Math.max(align, scalar.bytes);
  }
  const bytes = Math.ceil(end / align) * align;
  return {
    bytes,
    pack(values) {
      const packed = new Uint8Array(bytes);
      const view = new DataView(packed.buffer);
      for (const { name, scalar, count, at } of placed) {
        const value = values[name];
        for (let i = 0; i < count; i++) {
          scalar.write(view, at + i * scalar.bytes, valueAt(value, i));
        }
      }
      return packed;
    },
  };
}

const valueAt = (value: number | bigint | ArrayLike<number>, i: number): number | bigint =>
  typeof value === 'object' ? value[i] : value;
