/** Fields of a NIfTI-1 header that the tests set; the rest is a plain 3-D volume. */
export interface NiftiFields {
  /** `dim[0..7]`. */
  readonly dim?: readonly number[];
  readonly datatype?: number;
  readonly bitpix?: number;
  /** `pixdim[0..7]`. */
  readonly pixdim?: readonly number[];
  readonly sformCode?: number;
  /** Rows of the sform, RAS millimetres. */
  readonly srow?: readonly (readonly number[])[];
}

const HEADER_BYTES = 348;
const VOXEL_OFFSET = 352;

/** A little-endian NIfTI-1 file byte by byte, from the header's published layout: right or deliberately wrong. */
export function niftiBytes(fields: NiftiFields, voxelBytes: number): Uint8Array {
  const bytes = new Uint8Array(VOXEL_OFFSET + voxelBytes);
  const view = new DataView(bytes.buffer);
  view.setInt32(0, HEADER_BYTES, true);
  const dim = fields.dim ?? [3, 4, 4, 4, 1, 1, 1, 1];
  for (const [i, n] of dim.entries()) view.setInt16(40 + 2 * i, n, true);
  view.setInt16(70, fields.datatype ?? 4, true);
  view.setInt16(72, fields.bitpix ?? 16, true);
  const pixdim = fields.pixdim ?? [1, 1, 1, 1, 0, 0, 0, 0];
  for (const [i, mm] of pixdim.entries()) view.setFloat32(76 + 4 * i, mm, true);
  view.setFloat32(108, VOXEL_OFFSET, true);
  view.setUint8(123, 2); // millimetres
  view.setInt16(254, fields.sformCode ?? 1, true);
  const srow = fields.srow ?? [
    [1, 0, 0, 0],
    [0, 1, 0, 0],
    [0, 0, 1, 0],
  ];
  for (const [i, value] of srow.flat().entries()) view.setFloat32(280 + 4 * i, value, true);
  bytes.set(new TextEncoder().encode('n+1\0'), 344);
  return bytes;
}
