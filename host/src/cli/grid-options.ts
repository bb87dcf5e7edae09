import { HostError } from '../errors.js';

/** Options that give numbers along axes. */
interface AxisOptions {
  readonly spacing?: readonly number[];
  readonly size?: readonly number[];
}

/** One number stands for every axis. Throws `USAGE` where there are neither one nor as many as axes. */
export function perAxis(options: AxisOptions, dims: number, what: string): AxisOptions {
  const { spacing, size } = options;
  return {
    ...(spacing && { spacing: expand('--spacing', spacing, dims, what) }),
    ...(size && { size: expand('--size', size, dims, what) }),
  };
}

function expand(
  option: string,
  values: readonly number[],
  dims: number,
  what: string,
): readonly number[] {
  if (values.length === dims) return values;
  const [only] = values;
  if (values.length === 1 && only !== undefined) return Array<number>(dims).fill(only);
  const reason = `${option} has ${values.length} numbers where ${what} has ${dims} axes`;
  throw new HostError('USAGE', { reason });
}
