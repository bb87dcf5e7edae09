import { writeAtomically } from '../io/atomic-file.js';
import { encodePng } from './encode-png.js';
import type { Raster } from './raster.js';

/** Writes a picture as PNG, whole or not at all. Throws CANNOT_WRITE. */
export async function writePicture(raster: Raster, path: string): Promise<void> {
  const bytes = encodePng(raster);
  await writeAtomically([{ path, write: (handle) => handle.writeFile(bytes) }]);
}
