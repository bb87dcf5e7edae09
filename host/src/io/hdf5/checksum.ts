const rotated = (value: number, bits: number): number => (value << bits) | (value >>> (32 - bits));

/** HDF5's checksum of metadata: Bob Jenkins' lookup3 `hashlittle` with seed 0 (public domain, 2006). */
export function lookup3(bytes: Uint8Array): number {
  const start = (0xdeadbeef + bytes.length) | 0;
  const state: State = [start, start, start];
  let at = 0;
  for (; bytes.length - at > 12; at += 12) {
    addWords(state, bytes, at);
    mix(state);
  }
  if (at < bytes.length) {
    addWords(state, bytes, at);
    finish(state);
  }
  return state[2] >>> 0;
}

type State = [a: number, b: number, c: number];

/** Adds up to three little-endian words; bytes behind the end count as 0. */
function addWords(state: State, bytes: Uint8Array, at: number): void {
  for (let i = 0; i < 12 && at + i < bytes.length; i++) {
    state[i >> 2] = (state[i >> 2] + (bytes[at + i] << (8 * (i & 3)))) | 0;
  }
}

function mix(s: State): void {
  let [a, b, c] = s;
  a = ((a - c) ^ rotated(c, 4)) | 0;
  c = (c + b) | 0;
  b = ((b - a) ^ rotated(a, 6)) | 0;
  a = (a + c) | 0;
  c = ((c - b) ^ rotated(b, 8)) | 0;
  b = (b + a) | 0;
  a = ((a - c) ^ rotated(c, 16)) | 0;
  c = (c + b) | 0;
  b = ((b - a) ^ rotated(a, 19)) | 0;
  a = (a + c) | 0;
  c = ((c - b) ^ rotated(b, 4)) | 0;
  b = (b + a) | 0;
  [s[0], s[1], s[2]] = [a, b, c];
}

function finish(s: State): void {
  let [a, b, c] = s;
  c = ((c ^ b) - rotated(b, 14)) | 0;
  a = ((a ^ c) - rotated(c, 11)) | 0;
  b = ((b ^ a) - rotated(a, 25)) | 0;
  c = ((c ^ b) - rotated(b, 16)) | 0;
  a = ((a ^ c) - rotated(c, 4)) | 0;
  b = ((b ^ a) - rotated(a, 14)) | 0;
  c = ((c ^ b) - rotated(b, 24)) | 0;
  [s[0], s[1], s[2]] = [a, b, c];
}
