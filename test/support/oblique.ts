/** A direction that is oblique: a rotation by b about x, then by a about z. */
export const oblique = (a: number, b: number): number[] => [
  Math.cos(a),
  -Math.sin(a) * Math.cos(b),
  Math.sin(a) * Math.sin(b),
  Math.sin(a),
  Math.cos(a) * Math.cos(b),
  -Math.cos(a) * Math.sin(b),
  0,
  Math.sin(b),
  Math.cos(b),
];
