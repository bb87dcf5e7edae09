import type { PtxParameter } from './ptx.js';

/**
 * Packs structs as the entry's `.param` list lays them out. Throws where they are not what the list declares, in
 * number, order and size: the driver would read whatever bytes it was given.
 */
export function packArguments(
  entry: string,
  declared: readonly PtxParameter[],
  structs: readonly Uint8Array[],
): Uint8Array {
  const sizes = declared.map(({ size }) => size);
  if (`${sizes}` !== `${structs.map(({ length }) => length)}`) {
    const given = structs.map(({ length }) => length);
    throw new Error(`kernel ${entry} takes parameters of [${sizes}] bytes, not [${given}]`);
  }
  const offsets: number[] = [];
  let end = 0;
  for (const { align, size } of declared) {
    const at = Math.ceil(end / align) * align;
    offsets.push(at);
    end = at + size;
  }
  const packed = new Uint8Array(end);
  for (const [i, bytes] of structs.entries()) packed.set(bytes, offsets[i]);
  return packed;
}
