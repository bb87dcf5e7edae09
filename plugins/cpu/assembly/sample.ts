import {
  JOB_GRADIENT, JOB_INTERPOLATOR, JOB_LOOKUP, JOB_OUT_TYPE, JOB_SOURCE_TYPE, LABEL_LINEAR, LINEAR, TYPE_FLOAT32, TYPE_FLOAT64, TYPE_INT16, TYPE_INT8, TYPE_UINT16, TYPE_UINT8,
} from '../src/job-layout';

/** Bytes of one sample of a pixel type. */
export function bytesOf(type: i32): usize {
  if (type == TYPE_UINT8 || type == TYPE_INT8) return 1;
  if (type == TYPE_UINT16 || type == TYPE_INT16) return 2;
  return type == TYPE_FLOAT64 ? 8 : 4;
}

/** The pixel type that arithmetic in F reads. */
@inline
export function typeOf<F>(): i32 {
  return sizeof<F>() == 4 ? TYPE_FLOAT32 : TYPE_FLOAT64;
}

/** Are samples read as they are, nearest without change of type or labels that are integers, and all in memory? */
@inline
export function copiesSamples(job: usize): bool {
  if (load<i32>(job, JOB_GRADIENT) != 0 || load<usize>(job, JOB_LOOKUP) != 0) return false;
  const type = load<i32>(job, JOB_SOURCE_TYPE);
  const interpolator = load<i32>(job, JOB_INTERPOLATOR);
  return interpolator == LABEL_LINEAR ? type < TYPE_FLOAT32 : interpolator < LINEAR && type == load<i32>(job, JOB_OUT_TYPE);
}
