import type { Image } from '@voxhost/sdk';

/**
 * A float32 image as the bytes of an `.mha` file, its channels as components of each voxel. Written here
 * because a plugin sees nothing of the host's formats. Direction columns go row by row, as ITK writes them.
 */
export function encodeMetaImage({ grid, channels, data }: Image): Uint8Array {
  const dims = grid.size.length;
  const columns = Array.from({ length: dims * dims }, (_, i) => {
    const [axis, row] = [Math.floor(i / dims), i % dims];
    return grid.direction[row * dims + axis];
  });
  const header = [
    'ObjectType = Image',
    `NDims = ${dims}`,
    'BinaryData = True',
    'BinaryDataByteOrderMSB = False',
    'CompressedData = False',
    `TransformMatrix = ${columns.join(' ')}`,
    `Offset = ${grid.origin.join(' ')}`,
    `CenterOfRotation = ${grid.origin.map(() => 0).join(' ')}`,
    `ElementSpacing = ${grid.spacing.join(' ')}`,
    `DimSize = ${grid.size.join(' ')}`,
    `ElementNumberOfChannels = ${channels}`,
    'ElementType = MET_FLOAT',
    'ElementDataFile = LOCAL',
    '',
  ].join('\n');
  const text = new TextEncoder().encode(header);
  const bytes = new Uint8Array(text.length + data.length * 4);
  bytes.set(text);
  const view = new DataView(bytes.buffer, text.length);
  const voxels = data.length / channels;
  for (let v = 0; v < voxels; v++) {
    for (let c = 0; c < channels; c++) {
      view.setFloat32((v * channels + c) * 4, data[c * voxels + v], true);
    }
  }
  return bytes;
}
