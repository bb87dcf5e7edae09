import { open, readdir, stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import {
  allocatePixels,
  createImage,
  type Pixels,
  type PixelType,
  pixelTypeOf,
  toPixelValue,
} from '@voxhost/sdk';
import { assertNotSheared, placeGrid } from '../affine-grid.js';
import { faultIn } from '../bad-file.js';
import type { HeaderOptions } from '../format.js';
import { runWithLibrary } from '../library-worker.js';
import { machineMemory } from '../machine-memory.js';
import type { ReadOptions } from '../read-pixels.js';
import type { Volume } from '../volume.js';
import type { VolumeHeader } from '../volume-header.js';
import { type DicomSlice, isDicom, scanDicom } from './scan.js';
import { type DicomSeries, type FiledSlice, sortSeries } from './series.js';

/** Bytes of each file that are looked at; what says where a slice lies comes before the pixels. */
const SCANNED = 1 << 18;

/** Is the path a folder, or a file with the DICM of DICOM? */
export async function isDicomPath(path: string): Promise<boolean> {
  const facts = await stat(path);
  if (facts.isDirectory()) return true;
  return facts.isFile() && /\.(dcm|ima)$/i.test(path) && isDicom(await readFront(path));
}

/** Where a series lies; its pixels are not decoded. Throws the fault. */
export async function readSeriesHeader(
  path: string,
  options: Pick<HeaderOptions, 'shear'>,
): Promise<{ readonly header: VolumeHeader; readonly series: DicomSeries }> {
  const series = sortSeries(await scanAll(path));
  const placed = placeGrid(series.size, series.affine, 'ImagePositionPatient');
  if (options.shear !== 'keep') assertNotSheared(placed.sheared, 'ImagePositionPatient');
  const header: VolumeHeader = {
    format: 'DICOM',
    ...placed,
    components: 1,
    frames: 1,
    frameSpacing: 1,
    stored: 'int32',
    littleEndian: true,
    interleaved: false,
    scale: undefined,
    rasVectors: false,
    place: { kind: 'files', names: series.paths, skip: 0 },
    compressed: false,
  };
  return { header, series };
}

/**
 * Reads the one DICOM series of a folder, or one DICOM file. Order and geometry are found here; the pixels,
 * with their rescale slope and intercept applied, are decoded by @itk-wasm/dicom in a worker. Throws the fault.
 */
export async function readSeries(
  path: string,
  options: ReadOptions & Pick<HeaderOptions, 'shear'>,
): Promise<Volume> {
  const { header, series } = await readSeriesHeader(path, options);
  const wanted = series.size.reduce((product, n) => product * n, 1);
  assertFits(wanted, options);
  const decoded = await runWithLibrary({
    library: '@itk-wasm/dicom',
    task: decode,
    input: series.paths.map((p) => resolve(p)), // the library takes absolute paths only
    limitMs: SHORTEST_LIMIT_MS + series.fileBytes * LIMIT_MS_PER_BYTE,
    signal: options.signal,
  });
  if (pixelTypeOf(decoded) === undefined || decoded.length !== wanted) {
    throw faultIn('pixels', `decode to ${decoded.length} numbers where ${wanted} are needed`);
  }
  const data = options.pixelType === undefined ? decoded : convert(decoded, options.pixelType);
  const image = createImage(header.grid, data);
  return { image, header: { ...header, stored: image.pixelType } };
}

/** A broken file may keep the library busy without end; start and end of its worker take a second. */
const SHORTEST_LIMIT_MS = 30_000;
/** 100 s per GB: ten times what lossless JPEG takes. */
const LIMIT_MS_PER_BYTE = 1e-4;

/** Bytes of a pixel where the library has its own memory: float64 after rescaling, and its source. */
const LIBRARY_BYTES = 12;

/** WebAssembly's. */
const LIBRARY_MEMORY = 2 ** 32;

/** Refuses, before the library tries, what neither it nor this machine can hold. */
function assertFits(count: number, { maxBytes }: ReadOptions): void {
  const most = Math.min(maxBytes ?? machineMemory(), LIBRARY_MEMORY);
  if (count * LIBRARY_BYTES <= most) return;
  const reason = `needs ${count * LIBRARY_BYTES} bytes of memory to decode where there are ${most}`;
  throw faultIn('size', reason, 'convert the series, e.g. with dcm2niix');
}

interface DicomLibrary {
  readImageDicomFileSeriesNode(options: {
    readonly inputImages: readonly string[];
    readonly singleSortedSeries: boolean;
  }): Promise<{ readonly outputImage: { readonly data: Pixels } }>;
}

async function decode(library: DicomLibrary, inputImages: readonly string[]): Promise<Pixels> {
  const options = { inputImages, singleSortedSeries: true };
  const { outputImage } = await library.readImageDicomFileSeriesNode(options);
  return outputImage.data;
}

function convert(data: Pixels, pixelType: PixelType): Pixels {
  const out = allocatePixels(pixelType, data.length);
  for (let i = 0; i < data.length; i++) out[i] = toPixelValue(data[i], pixelType);
  return out;
}

async function scanAll(path: string): Promise<FiledSlice[]> {
  const paths = (await stat(path)).isDirectory() ? await filesIn(path) : [path];
  const slices: FiledSlice[] = [];
  for (const file of paths) {
    const front = await readFront(file);
    if (!isDicom(front)) continue; // a DICOMDIR's readme, a thumbnail
    const slice = scanDicom(front);
    const fileBytes = (await stat(file)).size;
    assertPlain(slice, file, fileBytes);
    if (slice.rows > 0 && slice.columns > 0) slices.push({ ...slice, path: file, size: fileBytes });
  }
  return slices;
}

/** One grey picture whose pixels are there. */
function assertPlain(slice: DicomSlice, file: string, fileBytes: number): void {
  if (slice.frames > 1) {
    const remedy = 'split it into single frames, e.g. with dcmconv or dcm2niix';
    throw faultIn('NumberOfFrames', `of ${file} is ${slice.frames}`, remedy);
  }
  if (slice.samples > 1) {
    const reason = `of ${file} is ${slice.samples}: it is in colour`;
    throw faultIn('SamplesPerPixel', reason, 'leave out what is no slice');
  }
  if (slice.fileBytes > fileBytes) {
    const remedy = 'copy the series again from its origin';
    throw faultIn('PixelData', `of ${file} is truncated`, remedy);
  }
}

async function filesIn(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true });
  const names = entries.filter((entry) => entry.isFile()).map((entry) => entry.name);
  return names.sort().map((name) => join(folder, name));
}

async function readFront(path: string): Promise<Uint8Array> {
  const handle = await open(path, 'r');
  try {
    const bytes = new Uint8Array(SCANNED);
    const { bytesRead } = await handle.read(bytes, 0, bytes.length, 0);
    return bytes.subarray(0, bytesRead);
  } finally {
    await handle.close();
  }
}
