/** Small rotation matrices, row-major, and their derivatives. Angles in radians. */

/** [cos -sin; sin cos] */
export const rotation2 = (angle: number): number[] => [
  Math.cos(angle),
  -Math.sin(angle),
  Math.sin(angle),
  Math.cos(angle),
];

/** Derivative of `rotation2` by its angle: the rotation a quarter turn on. */
export const rotation2Slope = (angle: number): number[] => [
  -Math.sin(angle),
  -Math.cos(angle),
  Math.cos(angle),
  -Math.sin(angle),
];

/** Turns about one axis (0 x, 1 y, 2 z); with `slope` the derivative by the angle. */
function about(axis: number, angle: number, slope: boolean): number[] {
  const [p, q] = [(axis + 1) % 3, (axis + 2) % 3];
  const [cos, minusSin, sin] = slope ? rotation2Slope(angle) : rotation2(angle);
  const m = Array<number>(9).fill(0);
  m[4 * axis] = slope ? 0 : 1;
  m[4 * p] = cos;
  m[4 * q] = cos;
  m[3 * p + q] = minusSin;
  m[3 * q + p] = sin;
  return m;
}

/** ITK's Euler3D: Rz·Rx·Ry, or Rz·Ry·Rx. */
const ORDERS = { zxy: [2, 0, 1], zyx: [2, 1, 0] } as const;

/**
 * Euler rotation of angles about x, y, z.
 *
 * @param slopeBy - 0, 1 or 2: the derivative by that angle instead of the value
 */
export function euler3(angles: ArrayLike<number>, zyx: boolean, slopeBy?: number): number[] {
  const order = zyx ? ORDERS.zyx : ORDERS.zxy;
  const [a, b, c] = order.map((axis) => about(axis, angles[axis], axis === slopeBy));
  return multiply3(multiply3(a, b), c);
}

const multiply3 = (a: readonly number[], b: readonly number[]): number[] =>
  Array.from({ length: 9 }, (_, i) => {
    const [r, c] = [3 * Math.floor(i / 3), i % 3];
    return a[r] * b[c] + a[r + 1] * b[3 + c] + a[r + 2] * b[6 + c];
  });

/** Scalar part of the versor x, y, z: never negative. */
const versorScalar = ([x, y, z]: readonly number[]): number =>
  Math.sqrt(Math.max(0, 1 - x * x - y * y - z * z));

/** Rotation of the versor x, y, z. */
export function versor3(v: readonly number[]): number[] {
  const [x, y, z] = v;
  const w = versorScalar(v);
  return [
    1 - 2 * (y * y + z * z),
    2 * (x * y - z * w),
    2 * (x * z + y * w),
    2 * (x * y + z * w),
    1 - 2 * (x * x + z * z),
    2 * (y * z - x * w),
    2 * (x * z - y * w),
    2 * (y * z + x * w),
    1 - 2 * (x * x + y * y),
  ];
}

/** Derivative of `versor3` by x, y or z; with w = √(1 - x² - y² - z²), ∂w/∂x = -x / w. Not finite at w = 0. */
export function versor3Slope(v: readonly number[], by: number): number[] {
  const w = versorScalar(v);
  const [i, j, k] = [by, (by + 1) % 3, (by + 2) % 3];
  const m = Array<number>(9).fill(0);
  for (const a of [j, k]) {
    m[4 * a] = -4 * v[i]; // the diagonal has the squares of the other two
    m[3 * i + a] += 2 * v[a];
    m[3 * a + i] += 2 * v[a];
  }
  m[3 * k + j] += 2 * w;
  m[3 * j + k] -= 2 * w;
  for (let a = 0; a < 3; a++) {
    const [p, q] = [(a + 1) % 3, (a + 2) % 3];
    const turn = (2 * v[a] * -v[i]) / w;
    m[3 * q + p] += turn;
    m[3 * p + q] -= turn;
  }
  return m;
}

/** Versor of a rotation matrix; the scalar part is not negative. Divides by the largest of the four parts. */
export function matrixToVersor(m: readonly number[]): number[] {
  const trace = m[0] + m[4] + m[8];
  const squares = [1 + trace, 1 + 2 * m[0] - trace, 1 + 2 * m[4] - trace, 1 + 2 * m[8] - trace];
  const largest = squares.indexOf(Math.max(...squares));
  const half = 0.5 * Math.sqrt(squares[largest]);
  const k = 0.25 / half;
  const differences = [m[7] - m[5], m[2] - m[6], m[3] - m[1]];
  if (largest === 0) return differences.map((d) => d * k);
  const a = largest - 1;
  const sign = differences[a] < 0 ? -1 : 1;
  return [0, 1, 2].map((i) => sign * (i === a ? half : (m[3 * i + a] + m[3 * a + i]) * k));
}
